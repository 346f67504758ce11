import { messageOf } from '#core/errors/yagura-error.ts';
import type { QueuedItem } from '#engine/accept-events.ts';
import type { DirectoryKeeper } from '#engine/keep-directory.ts';
import type { Clock, Sleeper } from '#ports/clock.ts';
import type { OutboxStore } from '#ports/state-store.ts';

/** News of accounts waits this long at most for the directory: when AWS does not answer, it is told with what is known. */
export const HOLD_MS = 30_000;
/** Accounts are created in several steps and often many at once: one reading is enough for all that come within this. */
const GATHER_MS = 500;

export type RefreshPorts = {
  readonly directory: Pick<DirectoryKeeper, 'refresh'>;
  readonly store: Pick<OutboxStore, 'requeue'>;
  readonly clock: Clock;
  readonly sleeper: Sleeper;
  /** Told when the directory was read and what waited for it may go. */
  readonly onRefreshed: () => void;
  readonly onFailure: (thrown: unknown, message: string) => void;
};

export type RefreshAfterChanges = {
  /** Accounts changed, and these items wait for the directory. Call it when their events are durable; it never throws. */
  note(held: readonly QueuedItem[]): void;
  /** Lets nothing go any more; what still waits goes by itself when its time has come. */
  stop(): void;
};

/** Reads the directory again after accounts changed, once for changes that come together, and lets their news go then. */
export function refreshAfterChanges(ports: RefreshPorts): RefreshAfterChanges {
  const abort = new AbortController();
  let waiting: QueuedItem[] = [];
  let isWanted = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (isWanted && !abort.signal.aborted) {
      await ports.sleeper.sleep(GATHER_MS, abort.signal);
      if (abort.signal.aborted) return;
      const held = waiting;
      waiting = [];
      // What is noted from here on may have happened after the reading began.
      isWanted = false;
      await ports.directory.refresh();
      if (abort.signal.aborted) return;
      for (const { id } of held) await ports.store.requeue(id, ports.clock.now());
      ports.onRefreshed();
    }
  }

  function start(): void {
    running = run()
      .catch((thrown: unknown) =>
        ports.onFailure(thrown, `the accounts could not be read again after a change: ${messageOf(thrown)}`),
      )
      .finally(() => {
        running = undefined;
        if (isWanted && !abort.signal.aborted) start();
      });
  }

  return {
    note: (held) => {
      waiting.push(...held);
      isWanted = true;
      if (running === undefined && !abort.signal.aborted) start();
    },
    stop: () => abort.abort(),
  };
}
