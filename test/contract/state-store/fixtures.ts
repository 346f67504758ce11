import { afterEach, beforeEach } from 'vitest';
import type { Observation, ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import type { DeliveredMessage, OutboxItem, Thread } from '#core/notification/outbox.ts';
import type { ProblemChange, StateStore } from '#ports/state-store.ts';

export const T0 = 1_790_000_000_000;
export const DESTINATION = 'slack:#payments-guardduty';

/** Text an attacker may write; every text field must give it back as it came. */
export const HOSTILE_TEXTS: readonly string[] = [
  `'; DROP TABLE problem; --`,
  '"double" `back` \\slash %percent_ under*star*',
  '<!channel> <@U123> *bold* &amp; </script>',
  'nul\u0000inside and \u0001\u001b[31mcontrol\u007f',
  'lone \ud83d high, lone \ude00 low, pair \u{1f600}',
  '\u202eright to left\u2066 ゼロ幅\u200b 日本語 ＡＢＣ é e\u0301',
  '__proto__',
  'constructor',
  '#sharp#slash/colon:pipe|',
  ' leading and trailing \r\n\t',
];

export function keyOf(text: string): ProblemKey {
  // Tests may name problems as they like.
  return text as ProblemKey;
}

export function observationOf(key: ProblemKey, over: Partial<Observation> = {}): Observation {
  return {
    kind: 'guardduty',
    topic: 'guardduty-finding',
    key,
    origin: 'guardduty',
    accountId: '111122223333',
    region: 'ap-northeast-1',
    severity: 'HIGH',
    severityStated: true,
    state: 'active',
    updatedAt: T0,
    firstSeenAt: T0 - 1_000,
    lastSeenAt: T0,
    count: 1,
    type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
    product: 'GuardDuty',
    title: 'An API was called from a malicious IP address',
    description: 'The API ListBuckets was called from 198.51.100.7.',
    advice: { text: null, url: null },
    resources: [{ type: 'AccessKey', id: 'AKIAIOSFODNN7EXAMPLE' }],
    resourceCount: 1,
    actor: { ip: '198.51.100.7', country: 'Exampleland' },
    sample: false,
    sourceUrl: null,
    facts: [],
    marks: { status: 'NEW' },
    ...over,
  };
}

export type ProblemOver = Partial<Omit<Problem, 'observation' | 'key'>> & {
  readonly observation?: Partial<Observation>;
};

export function problemOf(name: string, over: ProblemOver = {}): Problem {
  const { observation, ...rest } = over;
  const key = keyOf(name);
  return {
    key,
    version: 1,
    status: 'open',
    severityFrom: 'guardduty',
    texts: { guardduty: 'f00d' },
    firstSeenAt: T0 - 1_000,
    lastSeenAt: T0,
    resolvedAt: null,
    timesSeen: 1,
    episode: 1,
    told: {},
    team: 'payments',
    environment: 'prod',
    acknowledgedBy: null,
    assignedTo: null,
    exceptionId: null,
    ...rest,
    observation: observationOf(key, observation),
  };
}

export function itemOf(id: string, over: Partial<OutboxItem> = {}): OutboxItem {
  return {
    id,
    destinationKey: DESTINATION,
    destination: { kind: 'slack', channel: '#payments-guardduty' },
    audience: 'team',
    language: 'ja',
    action: 'post',
    mode: 'send',
    problemKey: keyOf('problem'),
    problemVersion: 1,
    episode: 1,
    severity: 'HIGH',
    reason: { code: 'team-floor', team: 'payments', floor: 'LOW' },
    createdAt: T0,
    dueAt: T0,
    state: 'queued',
    attempts: 0,
    lastError: null,
    claim: null,
    messageId: null,
    sentAt: null,
    ...over,
  };
}

export function historyOf(detail: string, over: Partial<HistoryEntry> = {}): HistoryEntry {
  return { at: T0, what: 'updated', by: 'yagura', detail, ...over };
}

/** A change that creates the problem at version 1. */
export function creation(
  name: string,
  over: Partial<ProblemChange> & { readonly problem?: Problem } = {},
): ProblemChange {
  return { problem: problemOf(name), expectedVersion: 0, outbox: [], history: [], ...over };
}

/** The change that follows `problem`. */
export function nextOf(
  problem: Problem,
  over: Partial<Problem> = {},
  rest: Partial<ProblemChange> = {},
): ProblemChange {
  return {
    problem: { ...problem, version: problem.version + 1, ...over },
    expectedVersion: problem.version,
    outbox: [],
    history: [],
    ...rest,
  };
}

/** Queues items, each with a problem of its own, in one call and in the order given. */
export async function queue(store: StateStore, items: readonly OutboxItem[]): Promise<void> {
  const lost = await store.apply(items.map((item) => creation(`carrier of ${item.id}`, { outbox: [item] })));
  if (lost.length > 0) throw new Error(`carriers already existed: ${lost.join(', ')}`);
}

/** Queues items one call after another, so that the order of writing is beyond doubt. */
export async function queueInTurn(store: StateStore, items: readonly OutboxItem[]): Promise<void> {
  for (const item of items) await queue(store, [item]);
}

export function threadOf(problem: string, over: Partial<Thread> = {}): Thread {
  return {
    problemKey: keyOf(problem),
    destinationKey: DESTINATION,
    episode: 1,
    messageId: 'message-1',
    channelId: 'C0EXAMPLE',
    ts: '1790000000.000100',
    merged: false,
    problemVersion: 1,
    ...over,
  };
}

export function messageOf(id: string, over: Partial<DeliveredMessage> = {}): DeliveredMessage {
  return {
    id,
    destinationKey: DESTINATION,
    destination: { kind: 'slack', channel: '#payments-guardduty' },
    kind: 'finding',
    action: 'post',
    severity: 'HIGH',
    problemKeys: [keyOf('problem')],
    text: 'text',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'text' } }],
    inThreadOf: null,
    sentAt: T0,
    editedAt: null,
    ...over,
  };
}

export function ids(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}

/** A fresh store for each test, closed after it. */
export function storePerTest(open: () => Promise<StateStore>): () => StateStore {
  let current: StateStore | undefined;
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  return () => {
    if (current === undefined) throw new Error('the store is open only inside a test');
    return current;
  };
}
