import { messageOf } from '#core/errors/yagura-error.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
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
  /** Destinations with an open claim of unknown outcome, and when to look for it. */
  readonly unsettled: Map<string, number>;
  waiting: PromiseWithResolvers<void>[];
  poke: PromiseWithResolvers<void>;
};

const IDLE_MS = 500;
const MAX_PARALLEL = 32;
const AFTER_ERROR_MS = 5_000;
/** Looking takes at most this part of the time, however long the queue is. */
const LOOK_SHARE = 10;

/**
 * Keeps delivering: many destinations at once, one message at a time per destination. The only worker on its store: claims it finds were
 * made by a process that is gone, and are settled first.
 */
export function startDelivery(ports: DeliveryPorts, onDelivered: (items: number) => void = () => {}): DeliveryLoop {
  const loop: Loop = {
    ...{ ports, onDelivered, abort: new AbortController() },
    ...{ busy: new Map(), waitUntil: new Map(), unsettled: new Map() },
    ...{ waiting: [], poke: Promise.withResolvers<void>() },
  };
  const running = run(loop);
  return {
    wake: () => loop.poke.resolve(),
    drained: () => {
      const done = Promise.withResolvers<void>();
      if (loop.abort.signal.aborted) done.resolve();
      loop.waiting.push(done);
      loop.poke.resolve();
      return done.promise;
    },
    stop: async () => {
      loop.abort.abort();
      loop.poke.resolve();
      await running;
      await Promise.allSettled(loop.busy.values());
      for (const { resolve } of loop.waiting) resolve();
    },
  };
}

async function run(loop: Loop): Promise<void> {
  const { abort, ports } = loop;
  let isFirst = true;
  while (!abort.signal.aborted) {
    loop.poke = Promise.withResolvers();
    const pause = await lookOnce(loop, isFirst);
    if (pause !== undefined) isFirst = false;
    const timer = new AbortController();
    const signal = AbortSignal.any([abort.signal, timer.signal]);
    await Promise.race([loop.poke.promise, ports.sleeper.sleep(pause ?? AFTER_ERROR_MS, signal)]);
    timer.abort();
  }
}

/** Looks what there is to do; says how long nothing else can happen, undefined when the store does not answer. */
async function lookOnce(loop: Loop, isFirst: boolean): Promise<number | undefined> {
  const { ports, abort } = loop;
  const asking = loop.waiting;
  loop.waiting = [];
  try {
    const start = ports.clock.now();
    if (isFirst) await inherit(loop);
    const { pause, isIdle } = await look(loop);
    if (isIdle) for (const { resolve } of asking) resolve();
    else loop.waiting.push(...asking);
    const took = ports.clock.now() - start;
    if (took <= 1) return pause;
    await ports.sleeper.sleep(took * LOOK_SHARE, abort.signal);
    return Math.max(start + pause - ports.clock.now(), 1);
  } catch (thrown) {
    loop.waiting.push(...asking);
    report(loop, 'cannot read the outbox; trying again in 5 s', '', thrown);
    loop.poke = Promise.withResolvers();
    return undefined;
  }
}

async function inherit({ ports, unsettled }: Loop): Promise<void> {
  const now = ports.clock.now();
  for (const { destinationKey } of await ports.store.staleClaims(now + 1)) unsettled.set(destinationKey, now);
}

/** Starts serving every destination that is due and free. */
async function look(loop: Loop): Promise<{ readonly pause: number; readonly isIdle: boolean }> {
  const { ports, busy, waitUntil, unsettled } = loop;
  const now = ports.clock.now();
  let soonest = now + IDLE_MS;
  const isFree = (destinationKey: string, until: number): boolean => {
    if (until > now) soonest = Math.min(soonest, until);
    return until <= now && !busy.has(destinationKey) && busy.size < MAX_PARALLEL;
  };
  for (const [destinationKey, until] of unsettled)
    if (isFree(destinationKey, until)) busy.set(destinationKey, occupied(loop, destinationKey, settle));
  const due = await ports.store.dueDestinations(now);
  for (const { destinationKey, count } of due)
    if (!unsettled.has(destinationKey) && isFree(destinationKey, waitUntil.get(destinationKey) ?? 0))
      busy.set(
        destinationKey,
        occupied(loop, destinationKey, () => serve(loop, destinationKey, count)),
      );
  const isIdle = due.length === 0 && busy.size === 0 && unsettled.size === 0;
  return { pause: Math.max(soonest - now, 1), isIdle };
}

/** Works on one destination; whatever breaks there costs the others nothing. */
async function occupied(
  loop: Loop,
  destinationKey: string,
  work: (loop: Loop, destinationKey: string) => Promise<void>,
): Promise<void> {
  const { ports, unsettled, busy } = loop;
  // Lets `busy` know of this before anything can end.
  await Promise.resolve();
  try {
    await work(loop, destinationKey);
  } catch (thrown) {
    // It may have broken between a message and its record.
    unsettled.set(destinationKey, ports.clock.now() + AFTER_ERROR_MS);
    report(loop, 'delivery failed; trying again in 5 s', destinationKey, thrown);
  } finally {
    busy.delete(destinationKey);
    loop.poke.resolve();
  }
}

async function serve(loop: Loop, destinationKey: string, queued: number): Promise<void> {
  const { ports, waitUntil, unsettled, abort } = loop;
  for (let left = queued; left > 0 && !abort.signal.aborted; ) {
    const turn = await takeTurn(destinationKey, left, ports);
    if (turn.kind === 'unsettled') unsettled.set(destinationKey, turn.until);
    if (turn.kind === 'wait') waitUntil.set(destinationKey, turn.until);
    // Somebody else holds a claim there.
    if (turn.kind === 'idle') waitUntil.set(destinationKey, ports.clock.now() + IDLE_MS);
    if (turn.kind !== 'delivered') break;
    loop.onDelivered(turn.items);
    left -= turn.items;
    if (turn.nextAt !== undefined && turn.nextAt > ports.clock.now()) {
      waitUntil.set(destinationKey, turn.nextAt);
      break;
    }
  }
}

async function settle({ ports, unsettled, onDelivered }: Loop, destinationKey: string): Promise<void> {
  // Nothing else works on this destination meanwhile, so every claim there is one that was left.
  const { recognised, until } = await recoverClaims(ports.clock.now() + 1, ports, (key) => key === destinationKey);
  const next = until.get(destinationKey);
  if (next === undefined) unsettled.delete(destinationKey);
  else unsettled.set(destinationKey, next);
  if (recognised > 0) onDelivered(recognised);
}

function report({ ports }: Loop, message: string, destinationKey: string, thrown: unknown): void {
  ports.log({ level: 'error', message, destinationKey, detail: messageOf(thrown) });
}
