import { createHash } from 'node:crypto';
import type { StateStore } from '#ports/state-store.ts';

/** An event and the message it came in; a message may hold several. */
export type NamedEvent = { readonly raw: string; readonly messageId: string };

/** The same store, which counts an event that nobody understood once however often its message is delivered. */
export function keepUnknownOnce(store: StateStore, events: readonly NamedEvent[]): StateStore {
  const messageOf = new Map(events.toReversed().map(({ raw, messageId }) => [raw, messageId]));
  return {
    ...store,
    keepUnknown: async (unknown) => {
      const parts = new Map<string, number>();
      const named = unknown.map((event) => {
        const messageId = messageOf.get(event.raw);
        if (messageId === undefined) return event;
        const part = parts.get(event.raw) ?? 0;
        parts.set(event.raw, part + 1);
        const id = createHash('sha256')
          .update(JSON.stringify([messageId, event.raw, part]))
          .digest('base64url');
        return { ...event, id: id.slice(0, 24) };
      });
      await store.keepUnknown(named);
    },
  };
}
