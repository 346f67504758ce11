import { messageOf } from '#core/errors/yagura-error.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { takeTurn } from '#engine/delivery/take-turn.ts';

export type DeliveryLoop = {
  /** Something may be due: look now. */
  wake(): void;
  /** Resolves when nothing is due now and nothing is under way. */
  drained(): Promise<void>;
  stop(): Promise<void>;
};

const IDLE_MS = 500;
const MAX_PARALLEL = 32;

/** Keeps delivering: many destinations at once, one message at a time per destination. */
export function startDelivery(ports: DeliveryPorts, onDelivered: (items: number) => void = () => {}): DeliveryLoop {
  const abort = new AbortController();
  const busy = new Map<string, Promise<void>>();
  const waitUntil = new Map<string, number>();
  let poke = Promise.withResolvers<void>();
  let idle = Promise.withResolvers<void>();
  const wake = () => poke.resolve();

  async function look(): Promise<number> {
    const now = ports.clock.now();
    const due = await ports.store.dueDestinations(now);
    let soonest = now + IDLE_MS;
    for (const { destinationKey, count } of due) {
      const until = waitUntil.get(destinationKey) ?? 0;
      if (until > now) soonest = Math.min(soonest, until);
      else if (!busy.has(destinationKey) && busy.size < MAX_PARALLEL) busy.set(destinationKey, serve(destinationKey, count));
    }
    if (due.length === 0 && busy.size === 0) {
      idle.resolve();
      idle = Promise.withResolvers();
    }
    return Math.max(soonest - now, 1);
  }

  async function serve(destinationKey: string, queued: number): Promise<void> {
    try {
      for (let left = queued; !abort.signal.aborted; ) {
        const turn = await takeTurn(destinationKey, left, ports);
        if (turn.kind === 'wait') waitUntil.set(destinationKey, turn.until);
        if (turn.kind !== 'delivered') break;
        onDelivered(turn.items);
        left -= turn.items;
        if (left <= 0) break;
      }
    } catch (thrown) {
      waitUntil.set(destinationKey, ports.clock.now() + 5_000);
      ports.log({ level: 'error', message: 'delivery failed; trying again in 5 s', destinationKey, detail: messageOf(thrown) });
    } finally {
      busy.delete(destinationKey);
      wake();
    }
  }

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      poke = Promise.withResolvers();
      let pause = IDLE_MS;
      try {
        pause = await look();
      } catch (thrown) {
        ports.log({ level: 'error', message: 'cannot read the outbox; trying again', destinationKey: '', detail: messageOf(thrown) });
      }
      const timer = new AbortController();
      const signal = AbortSignal.any([abort.signal, timer.signal]);
      await Promise.race([poke.promise, ports.sleeper.sleep(pause, signal)]);
      timer.abort();
    }
  }

  const running = run();
  return {
    wake,
    drained: () => {
      const done = idle.promise;
      wake();
      return done;
    },
    stop: async () => {
      abort.abort();
      wake();
      await running;
      await Promise.allSettled(busy.values());
    },
  };
}
