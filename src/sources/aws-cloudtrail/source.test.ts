import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { source } from './source.ts';

// In two parts, because the test reads all samples as one object.
describeLogSource(source, {
  folder: import.meta.dirname,
  samples: ['cloudtrail/*.json.gz', 'attack/[!p]*/events/*.json'],
});
describeLogSource(source, {
  folder: import.meta.dirname,
  samples: ['attack/p*/events/*.json'],
  // Records of other people's unit tests that have no time at all.
  badSampleRecords: 17,
});
