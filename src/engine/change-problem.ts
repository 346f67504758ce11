import { YaguraError } from '#core/errors/yagura-error.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem, Told } from '#core/finding/problem.ts';
import type { Entry } from '#core/notification/decide.ts';
import { outboxItem } from '#core/notification/outbox-item.ts';
import type { Clock } from '#ports/clock.ts';
import type { StateStore } from '#ports/state-store.ts';

export type Step = {
  readonly problem: Problem;
  readonly entries: readonly Entry[];
  readonly history: readonly HistoryEntry[];
};

/** Reads, changes and writes one problem; tries again when somebody else was faster. Undefined from `change`: nothing to do. */
export async function changeProblem(
  key: ProblemKey,
  ports: { store: StateStore; clock: Clock },
  change: (problem: Problem) => Step | undefined,
): Promise<Problem> {
  for (let round = 0; round < 20; round++) {
    const problem = (await ports.store.problems([key])).get(key);
    if (problem === undefined)
      throw new YaguraError('not-found', `There is no problem ${key}. List them with: yagura findings list`);
    const step = change(problem);
    if (step === undefined) return problem;
    const next = { ...step.problem, version: problem.version + 1 };
    const outbox = step.entries.map((entry) => outboxItem(next, entry, ports.clock.now()));
    const lost = await ports.store.apply([
      { problem: next, expectedVersion: problem.version, outbox, history: step.history },
    ]);
    if (lost.length === 0) return next;
  }
  throw new YaguraError('store.conflict', `Cannot change ${key}: others keep changing it. Try again.`, {
    retryable: true,
  });
}

/** An update for every destination that was told, so that messages show who took it. */
export function updateAll(problem: Problem, changed: readonly string[]): Entry[] {
  return Object.values(problem.told).map((told: Told) => ({
    routed: {
      destination: told.destination,
      audience: told.audience,
      language: told.language,
      decision: 'send',
      reason: { code: 'told-before', changed },
      dueAt: null,
    },
    action: 'update',
  }));
}
