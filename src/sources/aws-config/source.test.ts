import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { describePlantedValues } from '../../../test/contract/planted-values.contract.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname, samples: ['config/*.json.gz'] });

describePlantedValues(source, {
  folder: import.meta.dirname,
  fixtures: [
    'history.input.json',
    'change-events.input.jsonl',
    'compliance-events.input.jsonl',
    'sns.input.jsonl',
    'api-history.input.json',
  ],
});
