import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import { sampleLogFiles } from '#core/sample-logs/sample-log-files.ts';
import type { ObjectInfo, ObjectStore } from '#ports/object-store.ts';

/** The seed of the sample organization. */
const seed = 20;

/** The log files of the sample organization: each is written below the folder when it is its turn, and stays there. */
export function sampleLogObjects(folder: string, end: number): ObjectStore {
  const local = createLocalObjects({ skipped: () => undefined });
  return {
    list: async function* () {
      for (const file of sampleLogFiles({ seed, end, days: 14 })) {
        const path = join(folder, file.key);
        if (!existsSync(path)) writeWhole(path, file.gzip ? gzipSync(file.content, { level: 1 }) : file.content);
        yield await infoOf(local, path, file.key);
      }
    },
    open: (uri, expected) => local.open(uri, expected),
  };
}

async function infoOf(local: ObjectStore, path: string, key: string): Promise<ObjectInfo> {
  for await (const info of local.list(path)) return { ...info, key };
  return { uri: pathToFileURL(path).href, key, etag: '', size: statSync(path).size, modifiedAt: 0 };
}

function writeWhole(path: string, content: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}
