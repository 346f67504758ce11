import { join } from 'node:path';
import { describeSlackFormatter } from '../../../test/contract/slack-formatter.contract.ts';
import { formatter } from './guardduty-finding.ts';

describeSlackFormatter(join(import.meta.dirname, 'guardduty-finding.golden.json'), formatter.format);
