import {
  daysBefore,
  ENDED_PROBLEM_DAYS,
  FINISHED_OUTBOX_DAYS,
  MESSAGE_DAYS,
  UNKNOWN_EVENT_DAYS,
} from '#core/finding/retention.ts';
import type { PruningStore, StateStore } from '#ports/state-store.ts';
import { type MemoryMessages, memoryMessages } from './memory-messages.ts';
import { type MemoryOutbox, memoryOutbox } from './memory-outbox.ts';
import { type MemoryProblems, memoryProblems } from './memory-problems.ts';
import { memoryAudit, memoryExceptions, memorySettings, memoryUnknownEvents } from './memory-records.ts';

/** A state store that forgets when it is dropped: for tests and previews. */
export function createMemoryStore(): StateStore {
  const { enqueue, settleItems, forgetFinished, forgetOf, ...outbox } = memoryOutbox();
  const { saveThread, saveMessage, forgetMessages, forgetThreadsOf, ...messages } = memoryMessages();
  const { isOpen, endedBefore, forget, ...problems } = memoryProblems(enqueue);
  const { forgetUnknown, ...unknownEvents } = memoryUnknownEvents();
  return {
    ...problems,
    ...outbox,
    ...messages,
    ...memoryExceptions(),
    ...memoryAudit(),
    ...unknownEvents,
    ...memorySettings(),
    settle: async (token, settlement) => {
      settleItems(token, settlement.outcomes);
      for (const thread of settlement.threads) saveThread(thread);
      for (const message of settlement.messages) saveMessage(message);
    },
    prune: pruneWith({
      forgetFinished,
      forgetOf,
      forgetMessages,
      forgetThreadsOf,
      isOpen,
      endedBefore,
      forget,
      forgetUnknown,
    }),
    close: async () => undefined,
  };
}

type Parts = Pick<MemoryOutbox, 'forgetFinished' | 'forgetOf'> &
  Pick<MemoryMessages, 'forgetMessages' | 'forgetThreadsOf'> &
  Pick<MemoryProblems, 'isOpen' | 'endedBefore' | 'forget'> & { forgetUnknown(limitAt: number): number };

// One go for each sort: what fits into memory of a test or a preview is small.
function pruneWith(parts: Parts): PruningStore['prune'] {
  return async (now) => {
    const finished = parts.forgetFinished(daysBefore(now, FINISHED_OUTBOX_DAYS));
    const messages = parts.forgetMessages(daysBefore(now, MESSAGE_DAYS), parts.isOpen);
    const unknownEvents = parts.forgetUnknown(daysBefore(now, UNKNOWN_EVENT_DAYS));
    let [problems, others] = [0, 0];
    for (const key of parts.endedBefore(daysBefore(now, ENDED_PROBLEM_DAYS))) {
      const items = parts.forgetOf(key);
      if (items === undefined) continue;
      parts.forgetThreadsOf(key);
      parts.forget(key);
      problems += 1;
      others += items;
    }
    return { outboxItems: finished + others, messages, unknownEvents, problems };
  };
}
