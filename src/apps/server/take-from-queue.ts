import type { Installation } from '#apps/server/installation.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import type { IncomingEvent } from '#engine/accept-events.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { EventQueue } from '#ports/event-queue.ts';

const AFTER_ERROR_MS = 5_000;

/** Accepts what a queue holds; a message is done only after its events are durable. Resolves when `signal` aborts. */
export async function takeFromQueue(
  queue: EventQueue,
  name: string,
  yagura: Pick<Installation, 'accept' | 'log'>,
  sleeper: Sleeper,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const messages = await queue.receive(signal);
      if (messages.length === 0) continue;
      await yagura.accept(messages.flatMap(({ body }) => eventsIn(body)));
      await queue.done(messages.map(({ receipt }) => receipt));
    } catch (thrown) {
      yagura.log.error({ err: thrown }, `taking events from ${name} failed, trying again in 5 s: ${messageOf(thrown)}`);
      await sleeper.sleep(AFTER_ERROR_MS, signal);
    }
  }
}

/** The events of one message; a body that is not JSON all through is kept whole besides, as an event nobody understood. */
function eventsIn(body: string): IncomingEvent[] {
  const { events, errors } = parseDocument(body);
  return errors.length === 0 ? [...events] : [...events, { event: body, raw: body }];
}
