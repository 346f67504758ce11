import { join } from 'node:path';
import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { plain, type Terminal } from '#apps/cli/output.ts';
import type { ObjectInfo, ObjectStore } from '#ports/object-store.ts';

/** Files and S3 objects by what a person writes on the command line. */
export interface CommandObjects extends ObjectStore {
  listAll(paths: readonly string[]): AsyncGenerator<ObjectInfo>;
  close(): Promise<void>;
}

/** Local files, and S3 as soon as a path names it. */
export async function openObjects(root: string, key: string | undefined, terminal: Terminal): Promise<CommandObjects> {
  const local = createLocalObjects({
    cwd: terminal.cwd,
    skipped: (path, reason) => terminal.err(`Not read (${reason}): ${plain(path)}\n`),
    stdin: { stream: process.stdin, spoolFolder: join(root, '.work'), ...(key === undefined ? {} : { key }) },
  });
  let s3: ObjectStore | undefined;
  const storeOf = async (uri: string): Promise<ObjectStore> => {
    if (!uri.startsWith('s3://')) return local;
    // The SDK is loaded only where it is needed: everything else starts faster.
    const { createS3Objects } = await import('#adapters/s3-objects/s3-objects.ts');
    s3 ??= createS3Objects({ sleeper: createSystemSleeper() });
    return s3;
  };
  const list = async function* (prefix: string): AsyncGenerator<ObjectInfo> {
    yield* (await storeOf(prefix)).list(prefix);
  };
  return {
    list,
    open: async (uri, expected) => (await storeOf(uri)).open(uri, expected),
    listAll: async function* (paths) {
      for (const path of paths) yield* list(path);
    },
    close: () => local.close(),
  };
}
