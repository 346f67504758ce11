/** Where the listener says what happens to it; the methods are those of the program's logger. */
export type SyslogLog = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
};

export const SILENT: SyslogLog = { info: () => undefined, warn: () => undefined };

export type Troubles = {
  /** Remembers one more trouble of a kind; `example` is the last one's. */
  note(kind: string, example: Readonly<Record<string, unknown>>): void;
  /** Tells what came together since the last time, one line a kind. */
  tell(): void;
};

/** Collects what senders can cause as often as they like, so that they cannot flood the log. */
export function collectTroubles(log: SyslogLog): Troubles {
  const noted = new Map<string, { count: number; example: Readonly<Record<string, unknown>> }>();
  return {
    note: (kind, example) => noted.set(kind, { count: (noted.get(kind)?.count ?? 0) + 1, example }),
    tell: () => {
      for (const [kind, { count, example }] of noted) log.warn({ count, ...example }, kind);
      noted.clear();
    },
  };
}
