import { join } from 'node:path';
import { describeSlackFormatter } from '../../../test/contract/slack-formatter.contract.ts';
import { formatter } from './securityhub-finding.ts';

describeSlackFormatter(join(import.meta.dirname, 'securityhub-finding.golden.json'), formatter.format);
