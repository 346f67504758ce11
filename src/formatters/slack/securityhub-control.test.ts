import { join } from 'node:path';
import { describeSlackFormatter } from '../../../test/contract/slack-formatter.contract.ts';
import { formatter } from './securityhub-control.ts';

describeSlackFormatter(join(import.meta.dirname, 'securityhub-control.golden.json'), formatter.format);
