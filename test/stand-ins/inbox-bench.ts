import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AcceptText, InboxText } from '#adapters/inbox/read-inbox-file.ts';
import { type InboxSettings, watchInbox } from '#adapters/inbox/watch-inbox.ts';
import { createFakeClock, type FakeClock } from './time.ts';

/** An inbox folder of its own and a clock that moves a second at each look. */
export type InboxBench = {
  readonly dir: string;
  readonly clock: FakeClock;
  readonly logged: string[];
  put(name: string, content: string | Buffer): Promise<void>;
  /** Looks into the inbox so often; `between` runs after each look. */
  looks(
    count: number,
    accept: AcceptText,
    more?: Partial<InboxSettings>,
    between?: (look: number) => Promise<void>,
  ): Promise<void>;
  /** Everything that is no folder, by its path below the inbox. */
  tree(): Promise<string[]>;
  remove(): Promise<void>;
};

export async function createInboxBench(): Promise<InboxBench> {
  const dir = await mkdtemp(join(tmpdir(), 'yagura-inbox-'));
  const clock = createFakeClock();
  const logged: string[] = [];
  const note = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  return {
    dir,
    clock,
    logged,
    put: (name, content) => writeFile(join(dir, name), content),
    looks: async (count, accept, more = {}, between = async () => undefined) => {
      const controller = new AbortController();
      let look = 0;
      const sleeper = {
        sleep: async (ms: number) => {
          clock.advance(ms);
          await between(++look);
          if (look >= count) controller.abort();
        },
      };
      await watchInbox({
        dir,
        accept,
        clock,
        sleeper,
        signal: controller.signal,
        log: { info: note, warn: note },
        ...more,
      });
    },
    tree: async () => {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
        .sort();
    },
    remove: () => rm(dir, { recursive: true }),
  };
}

/** Accepts lines and remembers the texts it was given; a line `bad` is rejected. */
export function acceptLines(taken: InboxText[] = []): AcceptText {
  return async (input) => {
    taken.push(input);
    const lines = input.text.split('\n').filter((line) => line !== '');
    const rejected = lines.flatMap((line, index) =>
      line === 'bad' ? [{ position: `line ${index + 1}, column 1`, reason: 'not JSON' }] : [],
    );
    return { accepted: lines.length - rejected.length, rejected };
  };
}
