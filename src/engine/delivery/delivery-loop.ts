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

type Loop = {
  readonly ports: DeliveryPorts;
  readonly onDelivered: (items: number) => void;
  readonly abort: AbortController;
  readonly busy: Map<string, Promise<void>>;
  readonly waitUntil: Map<string, number>;
  poke: PromiseWithResolvers<void>;
  idle: PromiseWithResolvers<void>;
};

const IDLE_MS = 500;
const MAX_PARALLEL = 32;
const AFTER_ERROR_MS = 5_000;

/** Keeps delivering: many destinations at once, one message at a time per destination. */
export function startDelivery(ports: DeliveryPorts, onDelivered: (items: number) => void = () => {}): DeliveryLoop {
  const loop: Loop = {
    ...{ ports, onDelivered, abort: new AbortController(), busy: new Map(), waitUntil: new Map() },
    ...{ poke: Promise.withResolvers<void>(), idle: Promise.withResolvers<void>() },
  };
  const running = run(loop);
  return {
    wake: () => loop.poke.resolve(),
    drained: () => {
      const done = loop.idle.promise;
      loop.poke.resolve();
      return done;
    },
    stop: async () => {
      loop.abort.abort();
      loop.poke.resolve();
      await running;
      await Promise.allSettled(loop.busy.values());
      loop.idle.resolve();
    },
  };
}

async function run(loop: Loop): Promise<void> {
  while (!loop.abort.signal.aborted) {
    loop.poke = Promise.withResolvers();
    const pause = await look(loop).catch((thrown: unknown) => {
      report(loop, 'cannot read the outbox; trying again', '', thrown);
      return IDLE_MS;
    });
    const timer = new AbortController();
    const signal = AbortSignal.any([loop.abort.signal, timer.signal]);
    await Promise.race([loop.poke.promise, loop.ports.sleeper.sleep(pause, signal)]);
    timer.abort();
  }
}

/** Starts serving every destination that is due and free; says how long nothing else can happen. */
async function look(loop: Loop): Promise<number> {
  const { ports, busy, waitUntil } = loop;
  const now = ports.clock.now();
  const due = await ports.store.dueDestinations(now);
  let soonest = now + IDLE_MS;
  for (const { destinationKey, count } of due) {
    const until = waitUntil.get(destinationKey) ?? 0;
    if (until > now) soonest = Math.min(soonest, until);
    else if (!busy.has(destinationKey) && busy.size < MAX_PARALLEL) {
      busy.set(destinationKey, serve(loop, destinationKey, count));
    }
  }
  if (due.length === 0 && busy.size === 0) {
    loop.idle.resolve();
    loop.idle = Promise.withResolvers();
  }
  return Math.max(soonest - now, 1);
}

async function serve(loop: Loop, destinationKey: string, queued: number): Promise<void> {
  const { ports, waitUntil, busy } = loop;
  // Lets `busy` know of this before anything can end.
  await Promise.resolve();
  try {
    for (let left = queued; left > 0 && !loop.abort.signal.aborted; ) {
      const turn = await takeTurn(destinationKey, left, ports);
      if (turn.kind === 'wait') waitUntil.set(destinationKey, turn.until);
      if (turn.kind !== 'delivered') break;
      loop.onDelivered(turn.items);
      left -= turn.items;
    }
  } catch (thrown) {
    waitUntil.set(destinationKey, ports.clock.now() + AFTER_ERROR_MS);
    report(loop, 'delivery failed; trying again in 5 s', destinationKey, thrown);
  } finally {
    busy.delete(destinationKey);
    loop.poke.resolve();
  }
}

function report({ ports }: Loop, message: string, destinationKey: string, thrown: unknown): void {
  ports.log({ level: 'error', message, destinationKey, detail: messageOf(thrown) });
}
