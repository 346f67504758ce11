import {
  daysBefore,
  ENDED_PROBLEM_DAYS,
  FINISHED_OUTBOX_DAYS,
  MESSAGE_DAYS,
  UNKNOWN_EVENT_DAYS,
} from '#core/finding/retention.ts';
import type { Pruned, PruningStore } from '#ports/state-store.ts';
import type { Connection } from './connection.ts';
import { oldMessages } from './prune-messages.ts';
import { finishedOutbox } from './prune-outbox.ts';
import { endedProblems } from './prune-problems.ts';
import { type Step, stepBudget } from './prune-step.ts';

/** Removes what was kept long enough, a short transaction at a time. */
export function sqlitePruning(connection: Connection): PruningStore {
  const outbox = finishedOutbox(connection);
  const messages = oldMessages(connection);
  const unknownEvents = oldUnknownEvents(connection);
  const problems = endedProblems(connection);

  async function all<Cursor>(step: Step<Cursor>, before: number, sum: Sum, signal: AbortSignal | undefined) {
    let from: Cursor | undefined;
    do {
      if (signal?.aborted === true) return;
      const { next, removed } = await connection.write('remove what is old', () => step(from, before, stepBudget()));
      add(sum, removed);
      from = next;
    } while (from !== undefined);
  }

  return {
    prune: async (now, signal) => {
      const sum: Sum = { outboxItems: 0, messages: 0, unknownEvents: 0, problems: 0 };
      await all(outbox, daysBefore(now, FINISHED_OUTBOX_DAYS), sum, signal);
      await all(messages, daysBefore(now, MESSAGE_DAYS), sum, signal);
      await all(unknownEvents, daysBefore(now, UNKNOWN_EVENT_DAYS), sum, signal);
      await all(problems, daysBefore(now, ENDED_PROBLEM_DAYS), sum, signal);
      return sum;
    },
  };
}

type Sum = { -readonly [Sort in keyof Pruned]: Pruned[Sort] };

function add(sum: Sum, removed: Partial<Pruned>): void {
  sum.outboxItems += removed.outboxItems ?? 0;
  sum.messages += removed.messages ?? 0;
  sum.unknownEvents += removed.unknownEvents ?? 0;
  sum.problems += removed.problems ?? 0;
}

function oldUnknownEvents(connection: Connection): Step<true> {
  const oldest = connection.prepare<{ sequence: number }>(
    'SELECT sequence FROM unknown_event WHERE at < ? ORDER BY at, sequence LIMIT 1',
  );
  const remove = connection.prepare('DELETE FROM unknown_event WHERE sequence = ?');
  return (_from, before, budget) => {
    let unknownEvents = 0;
    for (;;) {
      const row = oldest.get(before);
      if (row === undefined) return { next: undefined, removed: { unknownEvents } };
      remove.run(row.sequence);
      unknownEvents += 1;
      if (budget.isSpent()) return { next: true, removed: { unknownEvents } };
    }
  };
}
