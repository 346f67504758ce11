import { describe, expect, test } from 'vitest';
import type { EventQueue, QueuedEvent } from '#ports/event-queue.ts';

export type PreparedQueue = {
  readonly queue: EventQueue;
  put(bodies: readonly string[]): Promise<void>;
  /** Makes messages that were received and not deleted visible again. */
  timePasses(): Promise<void>;
};

/** What every EventQueue must do; receives must not wait longer than a second when the queue is empty. */
export function describeEventQueue(name: string, prepare: () => Promise<PreparedQueue>): void {
  describe(`${name} as an event queue`, () => {
    test('gives every message with the body it was put in with', async () => {
      const { queue, put } = await prepare();
      const bodies = Array.from({ length: 23 }, (_empty, index) =>
        JSON.stringify({ index, text: '決済 <!channel>\u2028' }),
      );
      await put(bodies);

      const received = await receiveAll(queue);

      expect(received.map((message) => message.body).sort()).toEqual([...bodies].sort());
    });

    test('does not give a message again that is done', async () => {
      const { queue, put, timePasses } = await prepare();
      await put(Array.from({ length: 23 }, (_empty, index) => `body ${index}`));

      await queue.done((await receiveAll(queue)).map((message) => message.receipt));
      await timePasses();

      expect(await receiveAll(queue)).toEqual([]);
    });

    test('gives a message again that was received and never done', async () => {
      const { queue, put, timePasses } = await prepare();
      await put(['kept', 'finished']);
      const first = await receiveAll(queue);

      await queue.done(first.filter((message) => message.body === 'finished').map((message) => message.receipt));
      await timePasses();

      expect((await receiveAll(queue)).map((message) => message.body)).toEqual(['kept']);
    });

    test('gives nothing when there is nothing', async () => {
      const { queue } = await prepare();

      expect(await queue.receive(new AbortController().signal)).toEqual([]);
    });

    test('returns at once with nothing when aborted, before and while it waits', async () => {
      const { queue } = await prepare();
      const controller = new AbortController();
      const waiting = queue.receive(controller.signal);

      controller.abort();

      expect([await waiting, await queue.receive(controller.signal)]).toEqual([[], []]);
    });

    test('has nothing to do for no receipts', async () => {
      const { queue } = await prepare();

      await expect(queue.done([])).resolves.toBeUndefined();
    });
  });
}

async function receiveAll(queue: EventQueue): Promise<QueuedEvent[]> {
  const all: QueuedEvent[] = [];
  for (;;) {
    const some = await queue.receive(new AbortController().signal);
    if (some.length === 0) return all;
    all.push(...some);
  }
}
