import { join } from 'node:path';
import { describeSlackFormatter } from '../../../test/contract/slack-formatter.contract.ts';
import { formatter } from './account-lifecycle.ts';

describeSlackFormatter(join(import.meta.dirname, 'account-lifecycle.golden.json'), formatter.format);
