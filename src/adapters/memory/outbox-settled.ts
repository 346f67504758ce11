import type { OutboxItem } from '#core/notification/outbox.ts';
import type { OutboxOutcome } from '#ports/state-store.ts';

/** The item as an outcome leaves it. */
export function settledItem(item: OutboxItem, outcome: OutboxOutcome): OutboxItem {
  switch (outcome.kind) {
    case 'sent':
    case 'covered':
      return {
        ...item,
        state: outcome.kind,
        claim: null,
        messageId: outcome.messageId,
        sentAt: outcome.at,
        lastError: null,
      };
    case 'retry':
      return {
        ...item,
        state: 'queued',
        claim: null,
        dueAt: outcome.dueAt,
        lastError: outcome.error,
        attempts: item.attempts + (outcome.countsAsAttempt ? 1 : 0),
      };
    case 'parked':
      return { ...item, state: 'parked', claim: null, lastError: outcome.error, attempts: item.attempts + 1 };
  }
}
