import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { describePlantedValues } from '../../../test/contract/planted-values.contract.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname, samples: ['security-hub/*.jsonl'] });

describePlantedValues(source, {
  folder: import.meta.dirname,
  fixtures: [
    'control-imported.input.json',
    'custom-action.input.json',
    'guardduty.input.jsonl',
    'inspector.input.json',
    'other-products.input.json',
    'v2.input.jsonl',
  ],
  documents: 300,
});
