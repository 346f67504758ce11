import { join } from 'node:path';
import { describeSlackFormatter } from '../../../test/contract/slack-formatter.contract.ts';
import { formatter } from './resolved.ts';

describeSlackFormatter(join(import.meta.dirname, 'resolved.golden.json'), formatter.format);
