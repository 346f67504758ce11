import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { source } from './source.ts';

describeLogSource(source, {
  folder: import.meta.dirname,
  samples: ['cloudtrail/*.json.gz', 'attack/*/events/*.json'],
  // Records of other people's unit tests that have no time at all.
  badSampleRecords: 17,
});
