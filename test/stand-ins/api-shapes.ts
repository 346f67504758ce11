import { z } from 'zod';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { Exception } from '#core/notification/exception.ts';
import type {
  AccountRow,
  ChannelRow,
  DeliveryPage,
  DeliverySummary,
  DirectoryStatus,
  ExplainResult,
  Facets,
  FindingDetail,
  FindingPage,
  MessagePage,
  Overview,
  RouteView,
  Session,
  StreamChange,
  TeamRow,
  UnknownEvents,
} from '#ports/http-api.ts';

/*
 * The answers of the HTTP API as schemas that know every key: each is typed by the contract, so that a key the contract adds does not
 * compile here, and a key the server adds fails there.
 */
const severity = z.enum(SEVERITIES);
const kind = z.enum([...FINDING_KINDS, 'account']);
const at = z.number().int().positive();
const count = z.number().int().min(0);
const perSeverity = z.strictObject({
  INFORMATIONAL: count,
  LOW: count,
  MEDIUM: count,
  HIGH: count,
  CRITICAL: count,
});
const named = z.strictObject({ id: z.string().min(1), name: z.string().min(1) });
const accountView = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  ou: z.string().nullable(),
  environment: z.string().nullable(),
});
const destination = z.union([
  z.strictObject({ kind: z.literal('slack'), channel: z.string() }),
  z.strictObject({ kind: z.literal('slack-webhook'), webhook: z.string() }),
  z.strictObject({ kind: z.literal('amazon-q'), topicArn: z.string() }),
]);
const outboxState = z.enum(['queued', 'sending', 'sent', 'covered', 'parked']);
const perState = z.strictObject({ queued: count, sending: count, sent: count, covered: count, parked: count });
const action = z.enum(['post', 'update', 'resolve']);
// Branded text, as the contract types it.
const problemKey = z.string().min(1) as unknown as z.ZodType<FindingDetail['observation']['key']>;

export const session: z.ZodType<Session> = z.strictObject({
  who: z.strictObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(['central', 'team']),
    teams: z.array(z.string()),
  }),
  version: z.string(),
  sample: z.boolean(),
  organization: z.string(),
  defaultLanguage: z.enum(['en', 'ja']),
  slack: z.enum(['bot', 'none']),
});

export const overview: z.ZodType<Overview> = z.strictObject({
  open: perSeverity,
  byTeam: z.array(z.strictObject({ team: z.string().nullable(), teamName: z.string().nullable(), open: perSeverity })),
  unownedAccounts: count,
  outbox: perState,
  unknownEvents: count,
  accepted: z.strictObject({ events: count, problems: count, perKind: z.record(z.string(), count) }),
});

const summary = z.strictObject({
  key: z.string().min(1),
  kind,
  type: z.string(),
  title: z.string(),
  severity,
  status: z.enum(['open', 'resolved', 'suppressed']),
  account: accountView,
  team: named.nullable(),
  region: z.string(),
  resource: z.strictObject({ type: z.string(), id: z.string() }).nullable(),
  resourceCount: count,
  firstSeenAt: at,
  lastSeenAt: at,
  timesSeen: count,
  sample: z.boolean(),
  acknowledgedBy: z.string().nullable(),
  assignedTo: z.string().nullable(),
  exceptionId: z.string().nullable(),
});
export const findingPage: z.ZodType<FindingPage> = z.strictObject({ items: z.array(summary), total: count });
export const facets: z.ZodType<Facets> = z.strictObject({
  values: z.array(z.strictObject({ value: z.string().min(1), label: z.string().min(1), count })),
});

const explanation = z.strictObject({
  event: count,
  kind: z.enum([...FINDING_KINDS, 'account', 'unknown']),
  problemKey: z.string(),
  account: accountView.nullable(),
  team: z.string().nullable(),
  severity,
  decision: z.enum(['send', 'digest', 'drop']),
  reason: z.string().min(1),
  action: z.enum(['post', 'update', 'resolve', 'none']),
  destination: destination.exactOptional(),
  message: z.strictObject({ text: z.string().min(1), blocks: z.array(z.unknown()) }).exactOptional(),
});
export const explainResult: z.ZodType<ExplainResult> = z.strictObject({
  entries: z.array(explanation),
  errors: z.array(z.string()),
});

export const exception: z.ZodType<Exception> = z.strictObject({
  id: z.string().min(1),
  scope: z.strictObject({
    problemKey: problemKey.exactOptional(),
    type: z.string().exactOptional(),
    accountId: z.string().exactOptional(),
    resource: z.string().exactOptional(),
    team: z.string().exactOptional(),
  }),
  reason: z.string(),
  owner: z.string(),
  createdBy: z.string(),
  createdAt: at,
  expiresAt: at,
  removedAt: at.nullable(),
  removedBy: z.string().nullable(),
  silenced: count,
});
export const exceptionList = z.strictObject({ items: z.array(exception) });

export const findingDetail: z.ZodType<FindingDetail> = z.strictObject({
  summary,
  // The core's own types, which reading, storing and routing are tested with.
  observation: z.looseObject({}) as unknown as z.ZodType<FindingDetail['observation']>,
  state: z.enum(['active', 'resolved', 'suppressed', 'undetermined']),
  history: z.array(
    z.strictObject({ at, what: z.string(), by: z.string(), detail: z.string() }),
  ) as unknown as z.ZodType<FindingDetail['history']>,
  threads: z.array(
    z.strictObject({ destination, messageId: z.string(), ts: z.string().nullable(), sentAt: at.nullable() }),
  ),
  routes: z.array(explanation),
  exception: exception.nullable(),
  raw: z.string().nullable(),
});

const message = {
  id: z.string().min(1),
  destinationKey: z.string().min(1),
  destination,
  kind: z.enum(['finding', 'digest', 'reply', 'notice']),
  action,
  severity,
  problemKeys: z.array(problemKey),
  text: z.string().min(1),
  blocks: z.array(z.unknown()),
  inThreadOf: z.string().nullable(),
  sentAt: at,
  editedAt: at.nullable(),
};
export const messagePage: z.ZodType<MessagePage> = z.strictObject({
  items: z.array(
    z.strictObject({ ...message, replies: z.array(z.strictObject(message)), mode: z.enum(['slack', 'feed']) }),
  ),
  total: count,
  nextToken: z.string().nullable(),
});
export const channels: z.ZodType<ChannelRow[]> = z.array(
  z.strictObject({
    destinationKey: z.string().min(1),
    destination,
    label: z.string().min(1),
    audience: z.string().min(1),
    count,
    newestAt: at,
  }),
);

export const deliveryPage: z.ZodType<DeliveryPage> = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.string().min(1),
      destination,
      destinationKey: z.string().min(1),
      action,
      mode: z.enum(['send', 'digest']),
      state: outboxState,
      severity,
      problemKey: z.string().min(1),
      title: z.string().min(1),
      reason: z.string().min(1),
      attempts: count,
      lastError: z.string().nullable(),
      createdAt: at,
      dueAt: at,
      sentAt: at.nullable(),
    }),
  ),
  total: count,
});
export const deliverySummary: z.ZodType<DeliverySummary> = z.strictObject({
  destinations: z.array(
    z.strictObject({
      destinationKey: z.string().min(1),
      destination,
      label: z.string().min(1),
      counts: z.partialRecord(outboxState, count),
    }),
  ),
  totals: perState,
});

export const unknownEvents: z.ZodType<UnknownEvents> = z.strictObject({
  counts: z.array(z.strictObject({ detailType: z.string(), reason: z.string(), count })),
  newest: z.array(z.strictObject({ id: z.string(), at, detailType: z.string(), reason: z.string(), raw: z.string() })),
});

export const routes: z.ZodType<RouteView[]> = z.array(
  z.strictObject({
    name: z.string().min(1),
    match: z.string(),
    to: z.string().min(1),
    decision: z.enum(['send', 'digest', 'drop']),
    floor: severity.nullable(),
    implicit: z.boolean(),
  }),
);

export const accounts: z.ZodType<AccountRow[]> = z.array(
  z.strictObject({
    id: z.string().min(1),
    name: z.string().min(1),
    ou: z.string(),
    environment: z.string(),
    team: named.nullable(),
    ownerFrom: z.enum(['entry', 'tag', 'ou', 'none']),
    open: perSeverity,
    lastSeenAt: at.nullable(),
    known: z.boolean(),
  }),
);
export const teams: z.ZodType<TeamRow[]> = z.array(
  z.strictObject({
    id: z.string().min(1),
    name: z.string().min(1),
    language: z.enum(['en', 'ja']),
    accounts: count,
    channels: z.array(z.strictObject({ kind: z.string(), destination, floor: severity.nullable() })),
    open: perSeverity,
  }),
);
export const directory: z.ZodType<DirectoryStatus> = z.strictObject({
  source: z.enum(['config', 'organizations']),
  readAt: at.nullable(),
  stale: z.boolean(),
  error: z.string().nullable(),
  accounts: count,
});

export const streamChange: z.ZodType<StreamChange> = z.strictObject({
  findings: count,
  messages: count,
  deliveries: count,
  directory: z.boolean(),
  at,
});
export const failure = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string().min(10) }) });
