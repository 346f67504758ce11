import type { ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import { ENDED_PROBLEM_DAYS } from '#core/finding/retention.ts';
import type { Clock, Random } from '#ports/clock.ts';
import type { ProblemChange, ProblemStore } from '#ports/state-store.ts';
import type { Contents, Packed } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { endedThreads, replacedRow } from './earlier-life.ts';
import { inParallel } from './in-parallel.ts';
import { historyItemKey, outboxItemKey, problemItemKey, rawItemKey } from './keys.ts';
import type { StoredRow } from './outbox-rows.ts';
import { newOutboxPut, storedRows } from './outbox-rows.ts';
import { createProblemLists, problemListAttributes } from './problem-rows.ts';
import type { Put, Write } from './requests.ts';
import { keyOf } from './requests.ts';
import { expiry } from './retention.ts';
import type { Sequence } from './sequence.ts';

type Tools = {
  readonly table: DynamoTable;
  readonly contents: Contents;
  readonly clock: Clock;
  readonly random: Random;
  readonly nextSequence: Sequence;
};
type Writing = Omit<Tools, 'nextSequence'>;
/** A change and the outbox rows it brings; rows get their place in the order before anything is written. */
type Planned = { readonly change: ProblemChange; readonly rows: readonly Put[] };

const PARALLEL_PROBLEMS = 16;

/** Problems: one transaction for each change. */
export function createProblems({ nextSequence, ...tools }: Tools): ProblemStore {
  const { table, contents } = tools;
  const problems: ProblemStore['problems'] = async (keys) => {
    const found = await contents.valuesAt([...new Set(keys)].map(problemItemKey));
    // Problem items hold problems.
    return new Map(found.map(({ value }) => [(value as Problem).key, value as Problem]));
  };

  /** Changes of one problem, each meeting the one before. */
  async function applyInTurn(plans: readonly Planned[]): Promise<readonly ProblemKey[]> {
    // What follows a lost change was computed from it, so it must not meet another writer's version of the same number.
    for (const { change, rows } of plans) if (!(await applyChange(tools, change, rows))) return [change.problem.key];
    return [];
  }

  return {
    problems,
    apply: async (changes) => {
      const byProblem = new Map<ProblemKey, Planned[]>();
      for (const change of changes) {
        const plan = { change, rows: rowsOf(change, nextSequence) };
        const others = byProblem.get(change.problem.key);
        if (others === undefined) byProblem.set(change.problem.key, [plan]);
        else others.push(plan);
      }
      return (await inParallel(PARALLEL_PROBLEMS, [...byProblem.values()], applyInTurn)).flat();
    },
    ...createProblemLists(table, contents, problems),
    history: async (key) => {
      const items = await table.all({ pk: problemItemKey(key).pk, prefix: 'H#' });
      // History items hold the entries of one version.
      const versions = await Promise.all(items.map(async (item) => (await contents.valueIn(item)) as HistoryEntry[]));
      return versions.flat();
    },
    // Raw items hold the event's text.
    rawEvent: async (key) => (await contents.valueAt(rawItemKey(key))) as string | undefined,
  };
}

function rowsOf({ outbox }: ProblemChange, nextSequence: Sequence): Put[] {
  return [...new Map(outbox.map((item) => [item.id, item])).values()].map((item) => newOutboxPut(item, nextSequence()));
}

async function applyChange(tools: Writing, change: ProblemChange, rows: readonly Put[]): Promise<boolean> {
  const { table, contents } = tools;
  const isOpen = change.problem.status === 'open';
  const isReopened = isOpen && change.problem.episode > 1;
  // Before the write: a raw event that is needed again must not run out, one that is kept too long does no harm.
  if (isReopened && change.rawEvent === undefined) await keepRawEvent(table, change.problem.key);
  const left = change.expectedVersion === 0 ? await endedThreads(table, change.problem.key) : [];
  const { state, parts } = await statePuts(tools, change);
  const [head, ...others] = state;
  const isWritten =
    others.length + left.length + rows.length === 0
      ? await putAlone(table, head)
      : await transactWithRows(tools, change, [...state, ...left], rows);
  if (!isWritten) {
    await contents.discard(parts);
    return false;
  }
  await removeReplaced(contents, change, parts);
  if (!isOpen && change.expectedVersion > 0) await letExpire(tools, change.problem);
  return true;
}

/** The writes of the problem itself, the conditional one first. */
async function statePuts(
  { contents, clock, random }: Writing,
  { problem, expectedVersion, history, rawEvent }: ProblemChange,
): Promise<{ readonly state: readonly [Put, ...Put[]]; readonly parts: Packed['parts'] }> {
  const ttl = problem.status === 'open' ? {} : { ttl: expiry(clock.now(), ENDED_PROBLEM_DAYS) };
  const put = async (
    key: { pk: string; sk: string },
    value: unknown,
  ): Promise<{ put: Put; parts: Packed['parts'] }> => {
    const { attributes, parts } = await contents.pack(key, value, { ...ttl, version: problem.version });
    return { put: { kind: 'put', item: { ...key, ...attributes, ...ttl, version: problem.version } }, parts };
  };
  const head = await put(problemItemKey(problem.key), problem);
  const raw = rawEvent === undefined ? [] : [await put(rawItemKey(problem.key), rawEvent)];
  const lines = history.length === 0 ? [] : [await put(historyItemKey(problem.key, problem.version), history)];
  const item = { ...head.put.item, ...problemListAttributes(problem), mark: random.id() };
  const condition: Put =
    expectedVersion === 0
      ? { kind: 'put', item, condition: 'attribute_not_exists(#v)', names: { '#v': 'version' } }
      : { kind: 'put', item, condition: '#v = :v', names: { '#v': 'version' }, values: { ':v': expectedVersion } };
  return {
    state: [condition, ...[...raw, ...lines].map((each) => each.put)],
    parts: [head, ...raw, ...lines].flatMap((each) => each.parts),
  };
}

/** Most findings only repeat: one plain put costs half of a transaction. False when the stored version was another one. */
async function putAlone(table: DynamoTable, head: Put): Promise<boolean> {
  if ((await table.write(head)).written) return true;
  // Our own put whose answer was lost fails its condition when it is repeated.
  return (await table.get(keyOf(head.item)))?.['mark'] === head.item['mark'];
}

/**
 * False when the problem's version was another one. Rows that exist already are left as they are, but for those a new problem finds of
 * an earlier life.
 */
async function transactWithRows(
  { table, contents, clock }: Writing,
  { expectedVersion, outbox }: ProblemChange,
  state: readonly Write[],
  rows: readonly Put[],
): Promise<boolean> {
  const items = new Map(outbox.map((item) => [outboxItemKey(item.id).pk, item]));
  let fresh = rows;
  for (;;) {
    const failed = await table.transact([...state, ...fresh]);
    if (failed.length === 0) return true;
    if (failed.includes(0)) return false;
    const taken = fresh.filter((_, n) => failed.includes(state.length + n)).map(({ item }) => keyOf(item));
    const stored = expectedVersion === 0 ? await storedRows(contents, taken) : new Map<string, StoredRow>();
    const replaced = [...stored].flatMap(([pk, row]) => {
      const item = items.get(pk);
      return item === undefined ? [] : (replacedRow(row, item, clock.now()) ?? []);
    });
    fresh = [...fresh.filter((_, n) => !failed.includes(state.length + n)), ...replaced];
  }
}

async function removeReplaced(contents: Contents, { problem }: ProblemChange, parts: Packed['parts']): Promise<void> {
  for (const key of [problemItemKey(problem.key), rawItemKey(problem.key)])
    if (parts.some(({ sk }) => sk.startsWith(`${key.sk}#`))) await contents.discardBefore(key, problem.version);
}

/** Gives what was written while the problem was open the end that the problem has now; it may have come back already. */
async function letExpire({ table, clock }: Writing, { key, version }: Pick<Problem, 'key' | 'version'>): Promise<void> {
  const ttl = expiry(clock.now(), ENDED_PROBLEM_DAYS);
  const items = await table.all({ pk: problemItemKey(key).pk, expiring: false });
  await inParallel(PARALLEL_PROBLEMS, items.map(keyOf), (each) =>
    table.write({
      kind: 'update',
      key: each,
      update: 'SET #ttl = :ttl',
      condition: '#v <= :v AND attribute_not_exists(#ttl)',
      names: { '#ttl': 'ttl', '#v': 'version' },
      values: { ':ttl': ttl, ':v': version },
    }),
  );
}

async function keepRawEvent(table: DynamoTable, key: ProblemKey): Promise<void> {
  const items = await table.all({ pk: problemItemKey(key).pk, prefix: 'R', expiring: true });
  await inParallel(PARALLEL_PROBLEMS, items.map(keyOf), (each) =>
    table.write({
      kind: 'update',
      key: each,
      update: 'REMOVE #ttl',
      condition: 'attribute_exists(pk)',
      names: { '#ttl': 'ttl' },
    }),
  );
}
