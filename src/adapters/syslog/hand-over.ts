import { messageOf } from '#core/errors/yagura-error.ts';
import type { Clock } from '#ports/clock.ts';
import type { SyslogLog } from './syslog-log.ts';

export type HandOverSettings = {
  readonly onFile: (path: string) => void | Promise<void>;
  readonly clock: Clock;
  readonly retryMs: number;
  readonly log: SyslogLog;
};

/** Hands ready files to their reader, one after the other, and again when the reader failed. */
export type HandOver = {
  offer(path: string): void;
  /** Offers what failed some time ago once more. */
  tick(): void;
  /** Resolves when the reader is done with every file offered; what it refused stays in the spool. */
  settled(): Promise<void>;
  readonly counts: { readonly handedOver: number; readonly refusals: number };
};

/** A hand-over that waits for its first file. */
export function createHandOver(settings: HandOverSettings): HandOver {
  const refused: { readonly path: string; readonly retryAt: number }[] = [];
  const counts = { handedOver: 0, refusals: 0 };
  let last: Promise<void> = Promise.resolve();

  async function hand(path: string): Promise<void> {
    try {
      await settings.onFile(path);
      counts.handedOver += 1;
    } catch (thrown) {
      counts.refusals += 1;
      refused.push({ path, retryAt: settings.clock.now() + settings.retryMs });
      settings.log.warn(
        { path, error: messageOf(thrown) },
        'a spooled file was not taken over, offering it again later',
      );
    }
  }

  const offer = (path: string): void => {
    last = last.then(() => hand(path));
  };
  return {
    counts,
    offer,
    tick: () => {
      const now = settings.clock.now();
      const due = refused.filter(({ retryAt }) => retryAt <= now);
      for (const one of due) refused.splice(refused.indexOf(one), 1);
      for (const { path } of due) offer(path);
    },
    settled: () => last,
  };
}
