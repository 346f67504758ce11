import type { StateStore } from '#ports/state-store.ts';
import { memoryMessages } from './memory-messages.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { memoryProblems } from './memory-problems.ts';
import { memoryAudit, memoryExceptions, memorySettings, memoryUnknownEvents } from './memory-records.ts';

/** A state store that forgets when it is dropped: for tests and previews. */
export function createMemoryStore(): StateStore {
  const { enqueue, settleItems, ...outbox } = memoryOutbox();
  const { saveThread, saveMessage, ...messages } = memoryMessages();
  return {
    ...memoryProblems(enqueue),
    ...outbox,
    ...messages,
    ...memoryExceptions(),
    ...memoryAudit(),
    ...memoryUnknownEvents(),
    ...memorySettings(),
    settle: async (token, settlement) => {
      settleItems(token, settlement.outcomes);
      for (const thread of settlement.threads) saveThread(thread);
      for (const message of settlement.messages) saveMessage(message);
    },
    close: async () => undefined,
  };
}
