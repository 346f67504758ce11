import { join } from 'node:path';
import { describeSlackFormatter } from '../../../test/contract/slack-formatter.contract.ts';
import { formatter } from './health-event.ts';

describeSlackFormatter(join(import.meta.dirname, 'health-event.golden.json'), formatter.format);
