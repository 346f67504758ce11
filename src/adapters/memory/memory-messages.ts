import type { ProblemKey } from '#core/finding/observation.ts';
import type { DeliveredMessage, Thread } from '#core/notification/outbox.ts';
import type { OutboxStore } from '#ports/state-store.ts';
import { MAX_PAGE } from './problem-query.ts';

type Entry = { readonly message: DeliveredMessage; readonly sequence: number };
type Messages = Pick<
  OutboxStore,
  'threads' | 'threadsOf' | 'saveMessages' | 'messagePage' | 'replies' | 'messageCounts'
>;
export type MemoryMessages = Messages & {
  saveThread(thread: Thread): void;
  saveMessage(message: DeliveredMessage): void;
  /** Removes conversations in which nothing was said since `limitAt` and no open problem is told; gives how many messages. */
  forgetMessages(limitAt: number, isOpen: (key: ProblemKey) => boolean): number;
  forgetThreadsOf(key: ProblemKey): void;
};

function newestFirst(a: Entry, b: Entry): number {
  return b.message.sentAt - a.message.sentAt || b.sequence - a.sequence;
}

/** Threads and messages in maps. */
export function memoryMessages(): MemoryMessages {
  const threads = new Map<ProblemKey, Map<string, Thread>>();
  const messages = new Map<string, Entry>();
  let sequence = 0;

  function saveMessage(message: DeliveredMessage): void {
    sequence += 1;
    messages.set(message.id, { message, sequence: messages.get(message.id)?.sequence ?? sequence });
  }

  return {
    saveMessage,
    saveThread: (thread) => {
      const known = threads.get(thread.problemKey);
      if (known === undefined) threads.set(thread.problemKey, new Map([[thread.destinationKey, thread]]));
      else known.set(thread.destinationKey, thread);
    },
    forgetMessages: (limitAt, isOpen) => {
      const isInUse = ({ id, problemKeys, destinationKey }: DeliveredMessage) =>
        problemKeys.some((key) => isOpen(key) && threads.get(key)?.get(destinationKey)?.messageId === id);
      const old = oldConversations(messages, limitAt).filter((talk) => !talk.some(isInUse));
      for (const { id } of old.flat()) messages.delete(id);
      return old.flat().length;
    },
    forgetThreadsOf: (key) => {
      threads.delete(key);
    },
    threads: async (keys, destinationKey) => {
      const found = new Map<ProblemKey, Thread>();
      for (const key of keys) {
        const thread = threads.get(key)?.get(destinationKey);
        if (thread !== undefined) found.set(key, thread);
      }
      return found;
    },
    threadsOf: async (key) => [...(threads.get(key)?.values() ?? [])],
    saveMessages: async (given) => given.forEach(saveMessage),
    ...messageLists(messages),
  };
}

/** Messages with their answers, where nothing was said since `limitAt`. */
function oldConversations(messages: ReadonlyMap<string, Entry>, limitAt: number): DeliveredMessage[][] {
  const all = [...messages.values()].map(({ message }) => message);
  const talks = Map.groupBy(all, ({ id, inThreadOf }) => inThreadOf ?? id);
  return [...talks.values()].filter((talk) =>
    talk.every(({ sentAt, editedAt }) => Math.max(sentAt, editedAt ?? 0) < limitAt),
  );
}

function messageLists(
  messages: ReadonlyMap<string, Entry>,
): Pick<Messages, 'messagePage' | 'replies' | 'messageCounts'> {
  return {
    messagePage: async ({ destinationKey, problemKey, topLevelOnly = false, limit = 50, before }) => {
      const all = [...messages.values()]
        .filter(
          ({ message }) =>
            (destinationKey === undefined || message.destinationKey === destinationKey) &&
            (problemKey === undefined || message.problemKeys.includes(problemKey)) &&
            !(topLevelOnly && message.inThreadOf !== null),
        )
        .sort(newestFirst);
      const start = before === undefined ? 0 : all.findIndex(({ message }) => message.id === before) + 1;
      const page = all.slice(start, start + Math.min(limit, MAX_PAGE));
      const last = page.at(-1);
      const isEnd = last === undefined || start + page.length >= all.length;
      return {
        items: page.map(({ message }) => message),
        total: all.length,
        nextToken: isEnd ? null : last.message.id,
      };
    },
    replies: async (messageIds) => {
      const wanted = new Set(messageIds);
      return [...messages.values()]
        .filter(({ message }) => message.inThreadOf !== null && wanted.has(message.inThreadOf))
        .sort((a, b) => newestFirst(b, a))
        .map(({ message }) => message);
    },
    messageCounts: async () => {
      const counts = new Map<string, { destinationKey: string; count: number; newestAt: number }>();
      for (const { message } of messages.values()) {
        const { destinationKey, sentAt, inThreadOf } = message;
        const known = counts.get(destinationKey);
        counts.set(destinationKey, {
          destinationKey,
          count: (known?.count ?? 0) + (inThreadOf === null ? 1 : 0),
          newestAt: Math.max(known?.newestAt ?? sentAt, sentAt),
        });
      }
      return [...counts.values()];
    },
  };
}
