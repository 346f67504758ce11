import type { ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { ProblemStore } from '#ports/state-store.ts';
import { facetOfProblems, openCountsOf, pageOfProblems } from './problem-query.ts';

export type MemoryProblems = ProblemStore & {
  isOpen(key: ProblemKey): boolean;
  /** Problems that are over and were not written since `limitAt`. */
  endedBefore(limitAt: number): ProblemKey[];
  forget(key: ProblemKey): void;
};

/** Problems in maps; `enqueue` hands outbox items to the outbox of the same store. */
export function memoryProblems(enqueue: (item: OutboxItem) => void): MemoryProblems {
  const problems = new Map<ProblemKey, Problem>();
  const histories = new Map<ProblemKey, HistoryEntry[]>();
  const rawEvents = new Map<ProblemKey, string>();

  return {
    problems: async (keys) => {
      const found = new Map<ProblemKey, Problem>();
      for (const key of keys) {
        const problem = problems.get(key);
        if (problem !== undefined) found.set(key, problem);
      }
      return found;
    },
    apply: async (changes) => {
      const lost: ProblemKey[] = [];
      for (const { problem, expectedVersion, outbox, history, rawEvent } of changes) {
        const { key } = problem;
        if ((problems.get(key)?.version ?? 0) !== expectedVersion) {
          lost.push(key);
          continue;
        }
        problems.set(key, problem);
        for (const item of outbox) enqueue(item);
        const past = histories.get(key);
        if (past === undefined) histories.set(key, [...history]);
        else past.push(...history);
        if (rawEvent !== undefined) rawEvents.set(key, rawEvent);
      }
      return lost;
    },
    problemPage: async (query) => pageOfProblems(problems.values(), query),
    problemFacet: async (column) => facetOfProblems(problems.values(), column),
    openCounts: async () => openCountsOf(problems.values()),
    history: async (key) => [...(histories.get(key) ?? [])],
    rawEvent: async (key) => rawEvents.get(key),
    isOpen: (key) => problems.get(key)?.status === 'open',
    endedBefore: (limitAt) =>
      [...problems.values()]
        .filter(({ key, status, lastSeenAt }) => {
          const writtenAt = histories.get(key)?.at(-1)?.at ?? 0;
          return status !== 'open' && Math.max(lastSeenAt, writtenAt) < limitAt;
        })
        .map(({ key }) => key),
    forget: (key) => {
      problems.delete(key);
      histories.delete(key);
      rawEvents.delete(key);
    },
  };
}
