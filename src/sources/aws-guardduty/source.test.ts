import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { describePlantedValues } from '../../../test/contract/planted-values.contract.ts';
import { source } from './source.ts';

describeLogSource(source, {
  folder: import.meta.dirname,
  samples: ['guardduty/*', 'attack/panther-other-aws-logs/AWS_GuardDuty.jsonl'],
});

describePlantedValues(source, {
  folder: import.meta.dirname,
  fixtures: ['export.input.jsonl', 'event.input.json', 'attack-sequence.input.json', 'malware-scan.input.json'],
});
