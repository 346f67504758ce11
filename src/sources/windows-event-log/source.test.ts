import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname, samples: ['windows-security/*.jsonl.gz'] });
