import type { LakeFiles } from '#ports/lake-files.ts';
import type { LakeManifest } from '#ports/lake-manifest.ts';

/** How long a file stays on disk after the manifest let it go: a reader may still hold an older list. */
export const graceMs = 10 * 60_000;

const atOnce = 500;

export interface Removed {
  readonly files: number;
  readonly bytes: number;
}

/** Removes files that were retired at or before a moment. */
export async function removeRetired(
  { files, manifest }: { readonly files: Pick<LakeFiles, 'remove'>; readonly manifest: LakeManifest },
  until: number,
): Promise<Removed> {
  const retired = manifest.retired(until);
  for (let start = 0; start < retired.length; start += atOnce) {
    const paths = retired.slice(start, start + atOnce).map(({ path }) => path);
    // Forgotten only when they are gone: what is cut off here is removed by the next run.
    await files.remove(paths);
    manifest.forgetRetired(paths);
  }
  return { files: retired.length, bytes: retired.reduce((sum, { bytes }) => sum + bytes, 0) };
}
