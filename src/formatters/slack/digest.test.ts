import { join } from 'node:path';
import { describeSlackFormatter } from '../../../test/contract/slack-formatter.contract.ts';
import { formatter } from './digest.ts';

describeSlackFormatter(join(import.meta.dirname, 'digest.golden.json'), formatter.format);
