import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openLocalLake } from '#adapters/duckdb/local-lake.ts';
import { openSqliteManifest } from '#adapters/lake-manifest/sqlite-manifest.ts';
import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { sampleLogFiles } from '#core/sample-logs/sample-log-files.ts';
import { ingestObjects } from '#engine/lake/ingest-objects.ts';
import type { LakeManifest } from '#ports/lake-manifest.ts';
import { createFakeClock } from '../stand-ins/time.ts';

const sourcesFolder = join(import.meta.dirname, '../../src/sources');

/** End of the sample organization's fourteen days. */
export const sampleEnd = Date.UTC(2026, 10, 24);

/** Fills a lake with the sample organization's logs and with the fixtures of all sources. */
export async function fillLake(root: string, sources: readonly MappedSource[]): Promise<LakeManifest> {
  const logs = mkdtempSync(join(tmpdir(), 'yagura-trino-logs-'));
  mkdirSync(root, { recursive: true });
  const manifest = openSqliteManifest(join(root, 'manifest.sqlite'));
  const objects = createLocalObjects({
    cwd: logs,
    skipped: () => {},
    stdin: { stream: process.stdin, spoolFolder: join(logs, 'spool') },
  });
  const clock = createFakeClock(sampleEnd);
  const loader = await openLocalLake({ root, sources, clock, region: 'ap-northeast-1', memoryMiB: 512 });
  const ports = { objects, loader, manifest };
  try {
    for (const file of sampleLogFiles({ seed: 4, end: sampleEnd, days: 14, scale: 0.005 })) {
      const path = join(logs, 'sample', file.key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.gzip ? gzipSync(file.content) : file.content);
    }
    await ingestObjects(objects.list(join(logs, 'sample')), ports, { jobs: 2, again: false });
    for (const { id } of sources) {
      const folder = join(sourcesFolder, id.replaceAll('.', '-'), 'fixtures');
      for (const name of readdirSync(folder).filter((found) => found.includes('.input.')))
        await ingestObjects(objects.list(join(folder, name)), ports, { source: id, jobs: 1, again: false });
    }
  } finally {
    loader.close();
    await objects.close();
    rmSync(logs, { recursive: true, force: true });
  }
  letEverybodyRead(root);
  return manifest;
}

/** Trino may run as another user. */
function letEverybodyRead(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) letEverybodyRead(path);
    else chmodSync(path, 0o644);
  }
}
