import { z } from 'zod';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import { SEVERITIES } from '#core/finding/severity.ts';

const severity = z.enum(SEVERITIES).meta({ description: 'INFORMATIONAL, LOW, MEDIUM, HIGH or CRITICAL' });
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

const perKind = <T extends z.ZodType>(value: T) =>
  z.strictObject({ guardduty: value.optional(), securityhub: value.optional(), health: value.optional() });

const quietHours = z.strictObject({
  from: clockTime,
  to: clockTime,
  timezone: timezone.default('Asia/Tokyo'),
  except: z.array(severity).default(['CRITICAL']).meta({ description: 'severities that are sent all the same' }),
});

const digest = z.strictObject({
  every: z.enum(['hour', 'day']).default('day'),
  at: clockTime.default('09:00').meta({ description: 'time of day of a daily digest' }),
  timezone: timezone.default('Asia/Tokyo'),
});

const receiver = {
  language: language.default('en').meta({ description: 'language of its messages' }),
  slack: perKind(destination).default({}).meta({ description: 'destination per kind of finding' }),
  minimumSeverity: perKind(severity)
    .default({})
    .meta({ description: 'floor per kind; default MEDIUM for securityhub, LOW for guardduty, everything for health' }),
  quietHours: quietHours
    .optional()
    .meta({ description: 'posts wait for the end of the quiet hours and come as one digest' }),
  digest: digest.optional().meta({ description: 'when this receiver gets what routes send to the digest' }),
};

const team = z.strictObject({ name: z.string().min(1), ...receiver });
const central = z.strictObject({ name: z.string().min(1).optional(), ...receiver });

const account = z.strictObject({
  id: accountIdText,
  name: z.string().min(1),
  ou: z.string().default('').meta({ description: 'path of OU names below the root, e.g. Workloads/Prod' }),
  environment: z.string().default('').meta({ description: 'any word; prod, non-prod and sandbox are usual' }),
  team: z.string().optional(),
});

const organizationsAccess = z.strictObject({
  roleArn: roleArn
    .optional()
    .meta({ description: 'role in the management account to assume; absent: the caller reads it itself' }),
  externalId: z.string().optional(),
  refreshMinutes: z.number().int().min(5).max(1440).default(60),
  teamTag: z.string().default('team'),
  environmentTag: z.string().default('environment'),
});

const organization = z.strictObject({
  name: z.string().optional(),
  accounts: z.array(account).default([]),
  ous: z
    .record(z.string(), z.strictObject({ team: z.string().optional(), environment: z.string().optional() }))
    .default({})
    .meta({ description: 'owner and environment of whole OUs; the longest path wins' }),
  aws: organizationsAccess.optional().meta({ description: 'read the accounts from AWS Organizations too' }),
  accessPortal: z
    .strictObject({ url: z.url(), roleName: z.string() })
    .optional()
    .meta({ description: 'IAM Identity Center access portal, for console links that open in the right account' }),
});

const match = z.strictObject({
  kind: z.array(kind).optional(),
  environment: z.array(z.string()).optional(),
  ou: z.array(z.string()).optional().meta({ description: 'OU paths; those below are included' }),
  account: z.array(accountIdText).optional(),
  team: z.array(z.string()).optional(),
  region: z.array(z.string()).optional(),
  severity: z.array(severity).optional(),
  type: z
    .array(z.string())
    .optional()
    .meta({ description: 'control id, GuardDuty type or Health event type; * stands for anything' }),
  product: z.array(z.string()).optional(),
  resource: z.array(z.string()).optional().meta({ description: 'resource id; * stands for anything' }),
  sample: z.boolean().optional(),
});

const route = z.strictObject({
  name: z.string().min(1),
  match: match.default({}),
  to: z
    .union([z.literal('team'), z.literal('central'), destination], {
      error: 'to is "team", "central" or a destination',
    })
    .optional()
    .meta({ description: 'absent: this route speaks for every destination' }),
  decision: z.enum(['send', 'digest', 'drop']).default('send'),
  minimumSeverity: severity.optional(),
  language: language.optional(),
});

const exception = z
  .strictObject({
    type: z.string().optional(),
    account: accountIdText.optional(),
    resource: z.string().optional(),
    team: z.string().optional(),
    reason: z.string().min(1),
    owner: z.string().min(1),
    expires: z.iso.date(),
  })
  .refine(
    (entry) => entry.type ?? entry.account ?? entry.resource ?? entry.team,
    'name at least one of type, account, resource, team',
  );

const deployment = z.strictObject({
  homeRegion: regionName,
  regions: z.array(regionName).default([]),
  hubAccount: accountIdText.optional(),
  managementAccount: accountIdText.optional(),
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'an organization id is written o-xxxxxxxxxx')
    .optional(),
  externalId: z.string().optional(),
  alarmEmail: z.email().optional(),
  healthPolling: z.boolean().default(true),
  logRetentionDays: z.number().int().default(30),
});

const server = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65535).default(8484),
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
  roleArn: roleArn.optional(),
  externalId: z.string().optional(),
  everyMinutes: z.number().int().min(1).max(60).default(5),
});

const intake = z.strictObject({
  inbox: z.string().optional().meta({ description: 'watched folder; default DATA/inbox' }),
  sqsQueueUrl: z.url().optional(),
});

/** The whole of yagura.yaml; unknown keys are errors. */
export const configSchema = z.strictObject({
  organization: organization.prefault({}),
  teams: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a team id is lower-case letters, digits and -'), team)
    .default({}),
  central: central.prefault({}),
  routes: z
    .array(route)
    .default([])
    .meta({ description: 'first match wins per destination; the implicit team and central routes come last' }),
  exceptions: z.array(exception).default([]),
  server: server.prefault({}),
  intake: intake.prefault({}),
  health: health.prefault({}),
  deployment: deployment.optional(),
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
