import { describeLogSource } from '../../../test/contract/log-source.contract.ts';
import { describeLosslessLines } from '../../../test/contract/lossless-lines.contract.ts';
import { source } from './source.ts';

describeLogSource(source, { folder: import.meta.dirname });
describeLosslessLines(source, { folder: import.meta.dirname });
