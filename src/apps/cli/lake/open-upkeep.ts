import { openLocalLakeFiles } from '#adapters/duckdb/local-lake-files.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { lakeRoot, openManifest } from '#apps/cli/lake/lake-folder.ts';
import type { Terminal } from '#apps/cli/output.ts';
import type { UpkeepPorts } from '#engine/lake/compact.ts';

/** Opens the lake of a folder of data for its upkeep, and closes it after the work. */
export async function withUpkeep<T>(
  data: string,
  terminal: Terminal,
  work: (ports: UpkeepPorts) => Promise<T>,
): Promise<T> {
  const root = lakeRoot(data, terminal);
  const manifest = openManifest(root);
  try {
    const files = await openLocalLakeFiles({ root, threads: 1, memoryMiB: 512 });
    try {
      return await work({ files, manifest, clock: createSystemClock() });
    } finally {
      files.close();
    }
  } finally {
    manifest.close();
  }
}

/** Bytes as a person reads them. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 2 ** (10 * step);
  return `${step === 0 ? value : value.toFixed(1)} ${units[step]}`;
}
