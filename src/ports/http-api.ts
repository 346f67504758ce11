/**
 * The server's HTTP API as the console sees it; types only. All routes are below `/api`, JSON in and out.
 * Errors: `{ error: { code, message } }` with 400 (bad input), 403 (not allowed), 404, 409 (changed meanwhile, not possible now), 413 (too large), 503 (store).
 * Texts made by the server are in the language of Accept-Language.
 * Writing requests need the header `x-yagura-request: 1` and a same-origin Origin.
 */
import type { Observation, ObservedState, ProblemKind } from '#core/finding/observation.ts';
import type { HistoryEntry, ProblemStatus } from '#core/finding/problem.ts';
import type { Severity } from '#core/finding/severity.ts';
import type { Destination, Language } from '#core/notification/destination.ts';
import type { Exception, ExceptionScope } from '#core/notification/exception.ts';
import type { DeliveredMessage, MessageAction, OutboxState } from '#core/notification/outbox.ts';
import type { AccountView } from '#core/organization/account.ts';
import type { SourceVolume } from '#ports/lake-manifest.ts';
import type { Facet, SearchHit, TimeBucket } from '#ports/lake-search.ts';

/** GET /api/session: who is asking and what this installation is. */
export type Session = {
  who: { id: string; name: string; role: 'central' | 'team'; teams: readonly string[] };
  version: string;
  /** True while the server runs on the sample organization. */
  sample: boolean;
  organization: string;
  defaultLanguage: Language;
  slack: 'bot' | 'none';
};

/** GET /api/overview */
export type Overview = {
  open: Record<Severity, number>;
  byTeam: readonly { team: string | null; teamName: string | null; open: Record<Severity, number> }[];
  unownedAccounts: number;
  outbox: Record<OutboxState, number>;
  unknownEvents: number;
  accepted: { events: number; problems: number; perKind: Record<string, number> };
};

export type FindingSummary = {
  key: string;
  kind: ProblemKind;
  type: string;
  title: string;
  severity: Severity;
  status: ProblemStatus;
  account: AccountView;
  team: { id: string; name: string } | null;
  region: string;
  resource: { type: string; id: string } | null;
  resourceCount: number;
  firstSeenAt: number;
  lastSeenAt: number;
  timesSeen: number;
  sample: boolean;
  acknowledgedBy: string | null;
  assignedTo: string | null;
  exceptionId: string | null;
};

/** The console's property-filter operators: equal and not equal for properties, contains and not contains for text. */
export type FilterToken = { property: FilterProperty | 'text'; operator: '=' | '!=' | ':' | '!:'; value: string };
export type FilterProperty =
  | 'status'
  | 'kind'
  | 'severity'
  | 'account'
  | 'environment'
  | 'team'
  | 'region'
  | 'type'
  | 'assignee';

/**
 * GET /api/findings?filter=<JSON FilterToken[]>&sort=lastSeenAt|firstSeenAt|severity|timesSeen|title&order=asc|desc&offset=0&limit=50
 * Tokens of one property with `=` are alternatives; everything else must all hold. Value `-` means none (no account, environment, team,
 * assignee). Every word of a text must be found: in key, title, type, resource ids, account id and name, team id and name.
 */
export type FindingPage = { items: FindingSummary[]; total: number };

/** GET /api/findings/facets?property=team : values for completion, most frequent first. */
export type Facets = { values: { value: string; label: string; count: number }[] };

/** GET /api/findings/:key (key is URL-encoded) */
export type FindingDetail = {
  summary: FindingSummary;
  observation: Observation;
  state: ObservedState;
  history: HistoryEntry[];
  threads: { destination: Destination; messageId: string; ts: string | null; sentAt: number | null }[];
  routes: RouteExplanation[];
  exception: Exception | null;
  /** JSON text of the latest event, as it came. */
  raw: string | null;
};

/** POST /api/findings/:key/acknowledge {} ; /assign { to: string | null } ; /accept-risk AcceptRisk -> FindingDetail */
export type AcceptRisk = { reason: string; scope: 'problem' | 'resource' | 'account-type'; days: number };

/** One destination's fate for one event, as `notify preview` prints it. */
export type RouteExplanation = {
  event: number;
  kind: ProblemKind | 'unknown';
  problemKey: string;
  account: AccountView | null;
  team: string | null;
  severity: Severity;
  decision: 'send' | 'digest' | 'drop';
  reason: string;
  action: MessageAction | 'none';
  destination?: Destination;
  message?: { text: string; blocks: readonly unknown[] };
};

/** POST /api/routes/explain { events: string (JSON, array or lines), language } -> { entries: RouteExplanation[], errors: string[] }. Nothing is stored or sent. */
export type ExplainResult = { entries: RouteExplanation[]; errors: string[] };

/** GET /api/routes: the routes in force, in order, the implicit ones last. */
export type RouteView = {
  name: string;
  match: string;
  to: string;
  decision: 'send' | 'digest' | 'drop';
  floor: Severity | null;
  implicit: boolean;
};

/** GET /api/accounts: unowned first, then by name. */
export type AccountRow = {
  id: string;
  name: string;
  ou: string;
  environment: string;
  team: { id: string; name: string } | null;
  ownerFrom: 'entry' | 'tag' | 'ou' | 'none';
  open: Record<Severity, number>;
  lastSeenAt: number | null;
  /** False for ids seen in events that the directory does not know. */
  known: boolean;
};
/** GET /api/teams */
export type TeamRow = {
  id: string;
  name: string;
  language: Language;
  accounts: number;
  channels: { kind: string; destination: Destination; floor: Severity | null }[];
  open: Record<Severity, number>;
};
/** GET /api/directory: where accounts come from and how fresh they are. */
export type DirectoryStatus = {
  source: 'config' | 'organizations';
  readAt: number | null;
  stale: boolean;
  error: string | null;
  accounts: number;
};

/**
 * GET /api/messages?destination=<key>&problem=<key>&before=<token>&limit=50 -> MessagePage ; GET /api/messages/channels -> ChannelRow[]
 * Items, pages and counts are of messages outside of threads; each brings the answers in its thread, oldest first.
 */
export type MessageRow = DeliveredMessage & { replies: DeliveredMessage[]; mode: 'slack' | 'feed' };
export type MessagePage = { items: MessageRow[]; total: number; nextToken: string | null };
export type ChannelRow = {
  destinationKey: string;
  destination: Destination;
  label: string;
  audience: string;
  count: number;
  newestAt: number;
};

/** GET /api/deliveries?state=&destination=&offset=&limit= -> DeliveryPage ; GET /api/deliveries/summary ; POST /api/deliveries/:id/retry {} */
export type DeliveryRow = {
  id: string;
  destination: Destination;
  destinationKey: string;
  action: MessageAction;
  mode: 'send' | 'digest';
  state: OutboxState;
  severity: Severity;
  problemKey: string;
  title: string;
  reason: string;
  attempts: number;
  lastError: string | null;
  createdAt: number;
  dueAt: number;
  sentAt: number | null;
};
export type DeliveryPage = { items: DeliveryRow[]; total: number };
export type DeliverySummary = {
  destinations: {
    destinationKey: string;
    destination: Destination;
    label: string;
    counts: Partial<Record<OutboxState, number>>;
  }[];
  totals: Record<OutboxState, number>;
};

/** GET /api/exceptions -> { items: Exception[] } ; POST /api/exceptions NewException -> Exception ; DELETE /api/exceptions/:id */
export type NewException = { scope: ExceptionScope; reason: string; owner: string; days: number };

/** GET /api/unknown-events */
export type UnknownEvents = {
  counts: { detailType: string; reason: string; count: number }[];
  newest: { id: string; at: number; detailType: string; reason: string; raw: string }[];
};

/**
 * GET /api/stream: server-sent events. `event: change`, data = StreamChange, at most 4 a second, merged; a comment line every 15 s keeps it open.
 * The console re-reads what it shows when a change names it.
 */
export type StreamChange = { findings: number; messages: number; deliveries: number; directory: boolean; at: number };

/** What cannot be read of a search, and at which character (from 0). */
export type QueryProblem = { at: number; message: string };

/**
 * The lake: GET /api/lake/events?query=&from=&to=&limit=100&order=newest|oldest -> LakeEvents ; /histogram?query=&from=&to= -> LakeHistogram
 * /facets?query=&from=&to=&fields=a,b&top=10 -> LakeFacets ; times are epoch ms, `now`, `-24h` or ISO 8601.
 * With a `problem` in the query nothing was searched. `empty`: nothing was ever ingested. Field names and their values for completion: GET /api/lake/fields -> LakeFields ; facets.
 * GET /api/lake/download?format=csv|ndjson&query=&from=&to=&order= : a file, at most 10,000 events.
 */
type LakeAnswer = { from: number; to: number; problem: QueryProblem | null; empty: boolean };
export type LakeEvents = LakeAnswer & { hits: readonly SearchHit[]; isCut: boolean };
export type LakeHistogram = LakeAnswer & { stepMs: number; buckets: readonly TimeBucket[] };
export type LakeFacets = LakeAnswer & { facets: readonly Facet[] };
/** Names of fields, the short names first. */
export type LakeFields = { fields: readonly string[] };

/** GET /api/lake/original?object=&record= : the record as it stood in its object, while the object is there and unchanged. */
export type OriginalRecord = { state: 'found'; text: string; isCut: boolean } | { state: 'gone'; reason: string };

/** POST /api/lake/sql { sql } -> LakeSqlAnswer: one SELECT, at most 1,000 rows; what is wrong with it is a 400. */
export type LakeSqlAnswer = {
  columns: readonly { readonly name: string; readonly type: string }[];
  rows: readonly Readonly<Record<string, unknown>>[];
  isCut: boolean;
};

/** GET /api/lake/sources -> LakeSources: what each source brought and how far behind it is. */
export type LakeSourceRow = SourceVolume & { title: string; lagMs: number | null; isSilent: boolean };
export type LakeSources = { sources: readonly LakeSourceRow[] };

/** GET /api/lake/quarantine?source=&after=&limit=50 -> QuarantinePage: records nobody could read, their first bytes as text and hexadecimal. */
export type QuarantineRow = {
  id: number;
  source: string;
  object: string;
  record: number;
  count: number;
  reason: string;
  detail: string;
  offset: number | null;
  bytes: number;
  text: string;
  hex: string;
};
export type QuarantinePage = { items: readonly QuarantineRow[]; next: number | null };
