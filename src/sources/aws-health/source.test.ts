import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { describePlantedValues } from '../../../test/contract/planted-values.contract.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname });

describePlantedValues(source, {
  folder: import.meta.dirname,
  fixtures: ['events.input.jsonl', 'api-events.input.json', 'api-details.input.json', 'api-entities.input.json'],
});
