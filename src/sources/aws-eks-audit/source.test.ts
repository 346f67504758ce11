import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { source } from './source.ts';

describeLogSource(source, {
  folder: import.meta.dirname,
  samples: ['eks-audit/*', 'attack/panther-other-aws-logs/Amazon_EKS_Audit.jsonl'],
});
