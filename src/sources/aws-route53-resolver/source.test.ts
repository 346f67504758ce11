import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { source } from './source.ts';

describeLogSource(source, {
  folder: import.meta.dirname,
  samples: ['route53-resolver/*', 'attack/panther-other-aws-logs/AWS_VPCDns*.jsonl'],
  // Two events of OCSF stand among the query logs of that file; they have no query_timestamp.
  badSampleRecords: 2,
});
