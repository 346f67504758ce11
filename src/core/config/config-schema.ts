import { z } from 'zod';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import { SEVERITIES } from '#core/finding/severity.ts';

const severity = z.enum(SEVERITIES);
const kind = z.enum([...FINDING_KINDS, 'account']);
const language = z.enum(['en', 'ja']);
const accountIdText = z
  .string({ error: 'an account id is text: put it in quotes, so that leading zeros stay' })
  .regex(/^\d{12}$/, 'an account id has 12 digits');
const channel = z
  .string()
  .regex(/^(#[^\s#@<>:,]{1,79}|[CGD][A-Z0-9]{6,20})$/, 'a Slack channel is written "#name" (or its id, C0123456789)');
const roleArn = z
  .string()
  .regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'a role is written arn:aws:iam::123456789012:role/Name');
const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region is written like ap-northeast-1');
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is written "22:00"');
const timezone = z.string().refine(isTimezone, 'not a time zone; write it like Asia/Tokyo');

const destination = z.union(
  [
    channel,
    z.strictObject({ webhook: z.string().min(1).meta({ description: 'name of the webhook URL in the secrets' }) }),
    z.strictObject({
      amazonQ: z
        .string()
        .regex(/^arn:[\w-]+:sns:/, 'an SNS topic ARN')
        .meta({ description: 'SNS topic of an Amazon Q Developer channel' }),
    }),
  ],
  { error: 'a destination is "#channel", { webhook: NAME } or { amazonQ: TOPIC_ARN }' },
);

const perKind = <T extends z.ZodType>(value: T, what: string) =>
  z.strictObject({
    guardduty: value.optional().meta({ description: `${what} GuardDuty findings` }),
    securityhub: value.optional().meta({ description: `${what} Security Hub findings` }),
    health: value.optional().meta({ description: `${what} AWS Health events` }),
  });

const quietHours = z.strictObject({
  from: clockTime.meta({ description: 'first minute of the quiet hours' }),
  to: clockTime.meta({ description: 'their end; an earlier time than `from` is on the next day' }),
  timezone: timezone.default('Asia/Tokyo').meta({ description: 'time zone of `from` and `to`' }),
  except: z.array(severity).default(['CRITICAL']).meta({ description: 'severities that are sent all the same' }),
});

const digest = z.strictObject({
  every: z.enum(['hour', 'day']).default('day').meta({ description: 'once an hour (on the hour) or once a day' }),
  at: clockTime.default('09:00').meta({ description: 'time of day of a daily digest' }),
  timezone: timezone.default('Asia/Tokyo').meta({ description: 'time zone of `at`' }),
});

const receiver = {
  language: language.default('en').meta({ description: 'language of its messages' }),
  slack: perKind(destination, 'where to send').default({}).meta({ description: 'destination per kind of finding' }),
  minimumSeverity: perKind(severity, 'lowest severity to send of')
    .default({})
    .meta({ description: 'floor per kind; default MEDIUM for securityhub, LOW for guardduty, everything for health' }),
  quietHours: quietHours
    .optional()
    .meta({ description: 'posts wait for the end of the quiet hours and come as one digest' }),
  digest: digest.optional().meta({ description: 'when this receiver gets what routes send to the digest' }),
};

const team = z.strictObject({
  name: z.string().min(1).meta({ description: 'name that messages and the console show' }),
  ...receiver,
});
const central = z.strictObject({
  name: z.string().min(1).optional().meta({ description: 'name of the central team' }),
  ...receiver,
});

const account = z.strictObject({
  id: accountIdText.meta({ description: 'account id in quotes, so that leading zeros stay' }),
  name: z.string().min(1).meta({ description: 'name that messages show; wins over the name in AWS Organizations' }),
  ou: z.string().default('').meta({ description: 'path of OU names below the root, e.g. Workloads/Prod' }),
  environment: z.string().default('').meta({ description: 'any word; prod, non-prod and sandbox are usual' }),
  team: z.string().optional().meta({ description: 'id of the team that owns it; wins over tag and OU' }),
});

const organizationsAccess = z.strictObject({
  roleArn: roleArn
    .optional()
    .meta({ description: 'role in the management account to assume; absent: the caller reads it itself' }),
  externalId: z.string().optional().meta({ description: 'external id that the trust policy of the role asks for' }),
  refreshMinutes: z.number().int().min(5).max(1440).default(60).meta({ description: 'how often accounts are read' }),
  teamTag: z
    .string()
    .default('team')
    .meta({ description: 'account tag whose value is a team id; case does not matter' }),
  environmentTag: z
    .string()
    .default('environment')
    .meta({ description: 'account tag whose value is the environment; case does not matter' }),
});

const ou = z.strictObject({
  team: z.string().optional().meta({ description: 'id of the team that owns all accounts in this OU and below' }),
  environment: z.string().optional().meta({ description: 'environment of all accounts in this OU and below' }),
});

const organization = z.strictObject({
  name: z.string().optional().meta({ description: 'name of the company, shown in the console' }),
  accounts: z
    .array(account)
    .default([])
    .meta({ description: 'accounts by hand; together with `aws` they correct what AWS Organizations says' }),
  ous: z
    .record(z.string(), ou)
    .default({})
    .meta({ description: 'owner and environment of whole OUs; the longest path wins' }),
  aws: organizationsAccess.optional().meta({ description: 'read the accounts from AWS Organizations too' }),
  accessPortal: z
    .strictObject({
      url: z.url().meta({ description: 'address of the access portal' }),
      roleName: z.string().meta({ description: 'permission set to open the AWS console with' }),
    })
    .optional()
    .meta({ description: 'IAM Identity Center access portal, for console links that open in the right account' }),
});

const match = z.strictObject({
  kind: z.array(kind).optional().meta({ description: 'kinds of finding' }),
  environment: z.array(z.string()).optional().meta({ description: 'environments of the account' }),
  ou: z.array(z.string()).optional().meta({ description: 'OU paths; those below are included' }),
  account: z.array(accountIdText).optional().meta({ description: 'account ids' }),
  team: z.array(z.string()).optional().meta({ description: 'ids of owning teams' }),
  region: z.array(z.string()).optional().meta({ description: 'Regions of the finding' }),
  severity: z.array(severity).optional().meta({ description: 'exactly these severities' }),
  type: z
    .array(z.string())
    .optional()
    .meta({ description: 'control id, GuardDuty type or Health event type; `*` stands for anything' }),
  product: z
    .array(z.string())
    .optional()
    .meta({ description: 'product that reported it, such as aws/inspector; `*` stands for anything' }),
  resource: z.array(z.string()).optional().meta({ description: 'resource id; `*` stands for anything' }),
  sample: z.boolean().optional().meta({ description: 'GuardDuty sample findings only (true), or none (false)' }),
});

const route = z.strictObject({
  name: z.string().min(1).meta({ description: 'shown as the reason of every message; two routes need two names' }),
  match: match.default({}).meta({ description: 'all given conditions must hold; values of one are alternatives' }),
  to: z
    .union([z.literal('team'), z.literal('central'), destination], {
      error: 'to is "team", "central" or a destination',
    })
    .optional()
    .meta({ description: 'whom it speaks for; absent: the owning team and the central team' }),
  decision: z
    .enum(['send', 'digest', 'drop'])
    .default('send')
    .meta({ description: 'send at once, collect for the digest, or say nothing' }),
  minimumSeverity: severity
    .optional()
    .meta({ description: 'floor of this route, in place of the floor of the receiver; absent: no floor' }),
  language: language.optional().meta({ description: 'language of its messages, in place of that of the receiver' }),
});

const exception = z
  .strictObject({
    type: z
      .string()
      .optional()
      .meta({ description: 'control id, GuardDuty type or Health event type; `*` stands for anything' }),
    account: accountIdText.optional().meta({ description: 'account id' }),
    resource: z.string().optional().meta({ description: 'resource id; `*` stands for anything' }),
    team: z.string().optional().meta({ description: 'id of the owning team' }),
    reason: z.string().min(1).meta({ description: 'why the risk is accepted' }),
    owner: z.string().min(1).meta({ description: 'who answers for it' }),
    expires: z.iso.date().meta({ description: 'last day (UTC) on which it silences' }),
  })
  .refine(
    (entry) => entry.type ?? entry.account ?? entry.resource ?? entry.team,
    'name at least one of type, account, resource, team',
  );

const deployment = z.strictObject({
  homeRegion: regionName.meta({ description: 'Region of the hub; best the home Region of Control Tower' }),
  regions: z
    .array(regionName)
    .default([])
    .meta({ description: 'governed Regions; us-east-1 and us-west-2 are always added' }),
  hubAccount: accountIdText
    .optional()
    .meta({ description: 'delegated administrator account of GuardDuty and Security Hub' }),
  managementAccount: accountIdText.optional().meta({ description: 'management account of the organization' }),
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'an organization id is written o-xxxxxxxxxx')
    .optional()
    .meta({ description: 'id of the organization' }),
  externalId: z
    .string()
    .optional()
    .meta({ description: 'external id of the role in the management account; absent: yagura-<organizationId>' }),
  alarmEmail: z.email().optional().meta({ description: 'address that gets the alarms' }),
  healthPolling: z
    .boolean()
    .default(true)
    .meta({ description: 'read the AWS Health API (needs a support plan that includes it)' }),
  logRetentionDays: z
    .number()
    .int()
    .default(30)
    .meta({ description: 'how long logs are kept; a retention CloudWatch Logs knows' }),
});

const server = z.strictObject({
  host: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'loopback address to listen on; every other one is refused until sign-in exists' }),
  port: z
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(8484)
    .meta({ description: 'port of the console and of POST /events' }),
  publicUrl: z
    .url()
    .optional()
    .meta({ description: 'address of the console as people open it; links in messages use it' }),
});

const health = z.strictObject({
  poll: z
    .boolean()
    .default(false)
    .meta({ description: 'read the AWS Health API (needs a support plan that includes it)' }),
  roleArn: roleArn
    .optional()
    .meta({ description: 'role in the management or delegated administrator account to assume' }),
  externalId: z.string().optional().meta({ description: 'external id that the trust policy of the role asks for' }),
  everyMinutes: z.number().int().min(1).max(60).default(5).meta({ description: 'how often it is read' }),
});

const intake = z.strictObject({
  inbox: z.string().optional().meta({ description: 'watched folder; default DATA/inbox' }),
  sqsQueueUrl: z.url().optional().meta({ description: 'SQS queue to read events from' }),
});

/** The whole of yagura.yaml; unknown keys are errors. */
export const configSchema = z.strictObject({
  organization: organization.prefault({}).meta({ description: 'accounts: their names, places and owners' }),
  teams: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a team id is lower-case letters, digits and -'), team)
    .default({})
    .meta({ description: 'teams by id; accounts, tags and OUs name the id' }),
  central: central
    .prefault({})
    .meta({ description: 'the central team: sees everything above its floors, and everything without an owner' }),
  routes: z
    .array(route)
    .default([])
    .meta({ description: 'first match wins per destination; the implicit team and central routes come last' }),
  exceptions: z
    .array(exception)
    .default([])
    .meta({ description: 'accepted risks: what matches all given conditions is silent until the day named' }),
  server: server.prefault({}).meta({ description: 'embedded home: where the console and POST /events listen' }),
  intake: intake.prefault({}).meta({ description: 'embedded home: further ways for events to come in' }),
  health: health.prefault({}).meta({ description: 'embedded home: reading the AWS Health API' }),
  deployment: deployment.optional().meta({ description: 'AWS home: what npm run deploy creates, and where' }),
});

export type Config = z.infer<typeof configSchema>;
export type Receiver = Config['central'];
export type RouteConfig = Config['routes'][number];
export type DestinationConfig = z.infer<typeof destination>;

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
