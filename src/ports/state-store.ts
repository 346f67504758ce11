import type { AuditDraft, AuditEntry } from '#core/audit/audit-entry.ts';
import type { ProblemKey, ProblemKind } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem, ProblemStatus } from '#core/finding/problem.ts';
import type { Severity } from '#core/finding/severity.ts';
import type { Exception } from '#core/notification/exception.ts';
import type { DeliveredMessage, OutboxItem, OutboxState, Thread } from '#core/notification/outbox.ts';

/** One problem's write: the new state, what to tell, what to remember; atomic. */
export type ProblemChange = {
  readonly problem: Problem;
  /** Version that must still be stored (0: the problem must not exist yet). */
  readonly expectedVersion: number;
  readonly outbox: readonly OutboxItem[];
  readonly history: readonly HistoryEntry[];
  /** JSON text of the event that caused the change; absent keeps the one before. */
  readonly rawEvent?: string;
};

export type Page<T> = { readonly items: readonly T[]; readonly total: number; readonly nextToken: string | null };

/**
 * All given filters must match, and none of those in `not` may (each on its own). A list matches when it holds the value, so an
 * empty one matches nothing. Without `sort` the last seen come first; equal ones keep one order from page to page.
 */
export type ProblemQuery = {
  readonly status?: readonly ProblemStatus[];
  readonly kind?: readonly ProblemKind[];
  readonly severity?: readonly Severity[];
  readonly accountId?: readonly string[];
  readonly environment?: readonly string[];
  readonly team?: readonly (string | null)[];
  readonly region?: readonly string[];
  readonly type?: readonly string[];
  readonly assignedTo?: readonly (string | null)[];
  /**
   * Words with white space between them: every word must be found somewhere in key, title, type, resource ids, account id or team,
   * each literally, as part of a longer word too, ignoring case.
   */
  readonly text?: string;
  /** What a word stands for besides itself: people type names of accounts and teams, the store knows ids only. Words come in lower case. */
  readonly meaning?: (word: string) => WordMeaning;
  /** Each text of `not` excludes by itself what it would find; one without words excludes nothing. */
  readonly not?: Omit<ProblemQuery, 'text' | 'meaning' | 'not' | 'sort' | 'limit' | 'offset'> & {
    readonly text?: readonly string[];
  };
  readonly sort?: {
    readonly by: 'lastSeenAt' | 'firstSeenAt' | 'severity' | 'timesSeen' | 'title';
    readonly descending: boolean;
  };
  readonly offset?: number;
  /** At most 500 (also when more is asked for); 50 when not given. */
  readonly limit?: number;
};

export type OpenCount = {
  readonly accountId: string | null;
  readonly team: string | null;
  readonly severity: Severity;
  readonly count: number;
  readonly lastSeenAt: number;
};

/** A problem of one of these accounts or teams counts as holding the word. */
export type WordMeaning = { readonly accountIds: readonly string[]; readonly teams: readonly string[] };

/**
 * Problems and the outbox, written together.
 * @example const lost = await store.apply([{ problem, expectedVersion: 0, outbox: [item], history: [], rawEvent }]);
 */
export interface ProblemStore {
  problems(keys: readonly ProblemKey[]): Promise<ReadonlyMap<ProblemKey, Problem>>;
  /**
   * Writes each change atomically, in the order given (a second change of a problem meets the first), durable when it returns. Returns the keys whose stored version was another one
   * (nothing of those changes is written); throws `store.unavailable`, `store.throttled` or `store.full` when nothing may be assumed.
   */
  apply(changes: readonly ProblemChange[]): Promise<readonly ProblemKey[]>;
  problemPage(query: ProblemQuery): Promise<Page<Problem>>;
  /** Distinct values of one column over all problems, each with its count of open ones, largest first, at most 200. */
  problemFacet(
    column: 'status' | 'kind' | 'severity' | 'accountId' | 'environment' | 'team' | 'region' | 'type',
  ): Promise<readonly { value: string | null; count: number }[]>;
  /** How many problems are open, by account, team and severity, and when one of them was last seen; in any order. */
  openCounts(): Promise<readonly OpenCount[]>;
  /** In the order written, oldest first. */
  history(key: ProblemKey): Promise<readonly HistoryEntry[]>;
  rawEvent(key: ProblemKey): Promise<string | undefined>;
}

/**
 * `sent` and `covered` set `messageId` and `sentAt` and clear `lastError`; `retry` queues again until `dueAt`; `parked` gives up.
 * A `retry` that counts and `parked` add one to `attempts`.
 */
export type OutboxOutcome =
  | { readonly kind: 'sent'; readonly messageId: string; readonly at: number }
  | { readonly kind: 'covered'; readonly messageId: string | null; readonly at: number }
  | { readonly kind: 'retry'; readonly dueAt: number; readonly error: string; readonly countsAsAttempt: boolean }
  | { readonly kind: 'parked'; readonly error: string; readonly at: number };

export type Settlement = {
  readonly outcomes: readonly { readonly id: string; readonly outcome: OutboxOutcome }[];
  readonly threads: readonly Thread[];
  readonly messages: readonly DeliveredMessage[];
};

/** The outbox as delivery sees it: FIFO per destination, at least once. */
export interface OutboxStore {
  /** Destinations with queued items due at `now`, with how many and the oldest `dueAt`. */
  dueDestinations(now: number): Promise<readonly { destinationKey: string; count: number; oldestDueAt: number }[]>;
  /**
   * Takes up to `limit` due items of one destination, oldest first (createdAt, then write order), and marks them `sending` under `token`.
   * Two workers never get the same item. Returns [] while another claim on this destination is open (order is kept).
   * An item is passed over while an earlier `send` item of the same problem there waits for a later `dueAt`: a resolve must not overtake its post.
   */
  claim(destinationKey: string, now: number, limit: number, token: string): Promise<readonly OutboxItem[]>;
  /** Ends a claim: outcomes, threads and messages in one write. Items whose claim is another one are left alone. */
  settle(token: string, settlement: Settlement): Promise<void>;
  /** Items in `sending` whose claim is older than `before`: their outcome is unknown. */
  staleClaims(before: number): Promise<readonly OutboxItem[]>;
  /** Moves stale claims to a new token and time, so that one worker alone decides. Takes only items whose claim is still the given one; returns them. */
  takeOver(items: readonly OutboxItem[], token: string, now: number): Promise<readonly OutboxItem[]>;
  outboxItem(id: string): Promise<OutboxItem | undefined>;
  /** Newest first. */
  outboxPage(query: {
    state?: readonly OutboxState[];
    destinationKey?: string;
    problemKey?: ProblemKey;
    limit?: number;
    offset?: number;
  }): Promise<Page<OutboxItem>>;
  outboxCounts(): Promise<readonly { destinationKey: string; state: OutboxState; count: number }[]>;
  /** Puts a parked or queued item back to be sent now, with `attempts` at 0. False when it is in neither state. */
  requeue(id: string, now: number): Promise<boolean>;
  threads(keys: readonly ProblemKey[], destinationKey: string): Promise<ReadonlyMap<ProblemKey, Thread>>;
  threadsOf(key: ProblemKey): Promise<readonly Thread[]>;
  /** Messages that do not come from the outbox (notices, answers); also used to rewrite an edited one. */
  saveMessages(messages: readonly DeliveredMessage[]): Promise<void>;
  /**
   * Newest first; `before` is the `nextToken` of the page before. `total` counts all that match the filters. `topLevelOnly` leaves
   * answers in threads out of items, total and pages.
   */
  messagePage(query: {
    destinationKey?: string;
    problemKey?: ProblemKey;
    topLevelOnly?: boolean;
    limit?: number;
    before?: string;
  }): Promise<Page<DeliveredMessage>>;
  /** The answers in the threads of these messages, in the order they were sent. */
  replies(messageIds: readonly string[]): Promise<readonly DeliveredMessage[]>;
  /** Per destination: how many messages outside of threads, and when the newest of all was sent, answers included. */
  messageCounts(): Promise<readonly { destinationKey: string; count: number; newestAt: number }[]>;
}

export interface ExceptionStore {
  /** All, newest first, also ended ones. */
  exceptions(): Promise<readonly Exception[]>;
  /** Adds or replaces; what `countSilenced` added to a stored one stays. */
  saveException(exception: Exception): Promise<void>;
  /** Adds to `silenced`; ids that are not stored are passed over. */
  countSilenced(counts: ReadonlyMap<string, number>): Promise<void>;
}

/** Append-only, hash-chained. */
export interface AuditStore {
  appendAudit(draft: AuditDraft): Promise<AuditEntry>;
  /** In order, from `after` (exclusive, 0 for all), at most `limit`. */
  auditEntries(after: number, limit: number): Promise<readonly AuditEntry[]>;
}

export type UnknownEvent = {
  readonly id: string;
  readonly at: number;
  readonly detailType: string;
  readonly reason: string;
  readonly raw: string;
};

/** Events no kind claims, or that could not be understood: counted and kept. */
export interface UnknownEventStore {
  /** Keeping an id twice is keeping it once. */
  keepUnknown(events: readonly UnknownEvent[]): Promise<void>;
  unknownCounts(): Promise<readonly { detailType: string; reason: string; count: number }[]>;
  /** Newest first. */
  unknownEvents(limit: number): Promise<readonly UnknownEvent[]>;
}

/** Small named values: the last good directory, poll positions, sample anchor, who may send when. */
export interface SettingStore {
  setting(name: string): Promise<string | undefined>;
  /** With `expected` (undefined: must not exist) it is compare-and-set and returns false when another value is stored. */
  putSetting(name: string, value: string, expected?: { value: string | undefined }): Promise<boolean>;
}

/** How much was removed, of each sort. */
export type Pruned = {
  readonly outboxItems: number;
  readonly messages: number;
  readonly unknownEvents: number;
  readonly problems: number;
};

/** Forgets what was kept long enough; the days are in `#core/finding/retention.ts`. */
export interface PruningStore {
  /**
   * Removes, in small steps between which others have their turn: sent and covered outbox items; conversations (a message with its
   * answers) in which nothing was said for long, unless an open problem may still be answered there; events nobody understood; problems
   * that are over for long, with history, raw event, threads and outbox items, unless one of those still has to be sent. Exceptions,
   * the audit log and settings stay for good. How long a problem is over counts from when it was written, because times inside events
   * may be forged. Nothing is left of a problem that would be taken for news already told when it comes back.
   * A store whose database expires items by itself (DynamoDB) removes nothing here.
   */
  prune(now: number, signal?: AbortSignal): Promise<Pruned>;
}

/** Everything the product remembers; adapters: sqlite, dynamodb, memory (tests and preview). */
export interface StateStore
  extends ProblemStore,
    OutboxStore,
    ExceptionStore,
    AuditStore,
    UnknownEventStore,
    SettingStore,
    PruningStore {
  close(): Promise<void>;
}
