import { costTable } from './cost/cost-table.ts';

/** Text of `npm run deploy -- --help`. */
export const helpText = `Deploys Yagura into an AWS organization.

Usage
  npm run deploy -- [options]
  npm run deploy -- member-template > member-read.json

What it makes, in this order
  1. management  YaguraManagement, YaguraManagement-<region>   in the management account
                 A role that reads AWS Organizations and AWS Health, and rules that forward account and Health events.
  2. hub         YaguraHub                                     in the delegated administrator's (audit) account, home Region
                 Queues, seven Lambda functions, one DynamoDB table, one secret, alarms, a dashboard, the Slack address.
  3. regions     YaguraRegion-<region>                         in the same account, one for each further governed Region
                 Rules that forward GuardDuty, Security Hub and Health events to the home Region.

Parameters, from "deployment" in yagura.yaml or as -c key=value (which wins)
  homeRegion         Region of the hub; best the home Region of AWS Control Tower        required
  hubAccount         delegated administrator of GuardDuty and Security Hub               required
  managementAccount  management account of the organization                              required
  organizationId     o-xxxxxxxxxx                                                        required
  regions            governed Regions; us-east-1 and us-west-2 are always among them     -c regions=a,b
  externalId         for the role in the management account     default yagura-<organizationId>
  alarmEmail         gets the alarms; each Region sends a confirmation first             default nobody
  healthPolling      read the AWS Health API (Business support or better)                default true
  logRetentionDays   days of CloudWatch Logs                                             default 30
 as -c only
  logLevel           debug, info, warn or error                                          default info
  slackApp           true or false: the address for buttons     default true with a Slack channel in yagura.yaml
  reservedConcurrency  false where the account's Lambda concurrency limit is below 110   default true
  memberReadOus      ou-a,ou-b: the optional read role in all accounts of these OUs      default none

Options
  --config FILE               default ./yagura.yaml
  --management-profile NAME   AWS profile for step 1; without it the default credentials
  --hub-profile NAME          AWS profile for steps 2 and 3; without it the default credentials
  --only STEP                 management, hub or regions; may be repeated
  --plan                      make the templates, list them, change nothing; needs no credentials
  -y, --yes                   do not ask before changes of permissions
  -c, --context KEY=VALUE     see above; may be repeated
  -h, --help

Credentials
  Two accounts take part, each needs credentials that may create the resources above (step 1 and 3 use them directly).
  Only the hub's account and Region need "cdk bootstrap": npx cdk bootstrap aws://<hubAccount>/<homeRegion>
  Tokens and webhook URLs are never given here. Afterwards store them in the secret that YaguraHub names (SecretArn):
  aws secretsmanager put-secret-value --secret-id ARN --secret-string file://secrets.json

Monthly cost of an idle organization with 100 accounts and 30 webhook URLs
${costTable('en').replaceAll('**', '').replaceAll(/^/gm, '  ')}

Examples
  npm run deploy -- --plan
  npm run deploy -- --management-profile org --hub-profile audit
  npm run deploy -- --only hub --hub-profile audit        after a change of yagura.yaml
`;
