import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLocalObjects, type LocalObjects } from '#adapters/local-objects/local-objects.ts';
import { all } from '../contract/object-store.contract.ts';

export type LocalPlace = LocalObjects & {
  readonly folder: string;
  /** Why what was not listed was skipped, by its path in the folder. */
  readonly skipped: ReadonlyMap<string, string>;
  put(name: string, content?: string | Uint8Array): Promise<string>;
  /** The keys that a path lists, from the folder on. */
  names(path: string): Promise<string[]>;
};

/** Local objects in a folder of their own that goes away with the test. */
export async function localPlace(stdin?: { stream: AsyncIterable<Uint8Array>; key?: string }): Promise<LocalPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'yagura-objects-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const skipped = new Map<string, string>();
  const store = createLocalObjects({
    cwd: folder,
    skipped: (path, reason) => void skipped.set(path.slice(folder.length + 1), reason),
    ...(stdin === undefined ? {} : { stdin: { ...stdin, spoolFolder: join(folder, 'spool') } }),
  });
  return {
    ...store,
    folder,
    skipped,
    put: async (name, content = name) => {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    names: async (path) => (await all(store, path)).map((info) => info.key.slice(folder.length + 1)),
  };
}
