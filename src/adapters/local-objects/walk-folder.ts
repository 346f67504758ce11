import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import type { ObjectInfo } from '#ports/object-store.ts';
import { fileUri } from './file-uri.ts';
import type { Selection } from './glob-pattern.ts';

/** Why something below a folder is not read; `gone` while it was listed. */
export type SkipReason =
  | 'hidden'
  | 'unfinished'
  | 'link-to-outside'
  | 'link-to-folder'
  | 'link-to-nothing'
  | 'no-file'
  | 'unreadable'
  | 'gone';

export type Skipped = (path: string, reason: SkipReason) => void;

type Folder = {
  /** Where it really is, and how it was named. */
  readonly real: Buffer;
  readonly named: Buffer;
  readonly select: Selection;
};
type Entry = { readonly name: Buffer; readonly kind: Dirent<Buffer>; readonly order: Buffer };

const SLASH = Buffer.from('/');

/** The files below a folder in the order of the bytes of their paths. */
export async function* walkFolder(path: string, select: Selection, skipped: Skipped): AsyncGenerator<ObjectInfo> {
  const root: Folder = { real: await realpath(path, { encoding: 'buffer' }), named: Buffer.from(path), select };
  const open: [Folder, Iterator<Entry>][] = [[root, (await entriesOf(root)).values()]];
  for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
    const [folder, entries] = current;
    const next = entries.next();
    if (next.done === true) open.pop();
    else {
      const found = await take(next.value, folder, root, skipped);
      if (found === undefined) continue;
      if ('uri' in found) yield found;
      else open.push([found, (await readableEntries(found, skipped)).values()]);
    }
  }
}

/** What is known of one file that somebody named. */
export function objectInfo(real: Buffer, named: Buffer, stats: BigIntStats): ObjectInfo {
  return {
    uri: fileUri(real),
    key: named.toString(),
    size: Number(stats.size),
    etag: etagOf(stats),
    modifiedAt: modifiedAtOf(stats),
  };
}

/** Changes whenever somebody writes to the file or puts another in its place. */
export function etagOf({ size, mtimeNs, ino }: BigIntStats): string {
  return `${size}-${mtimeNs}-${ino}`;
}

/** Epoch ms. */
export function modifiedAtOf({ mtimeNs }: BigIntStats): number {
  return Number(mtimeNs / 1_000_000n);
}

async function take(
  { name, kind }: Entry,
  folder: Folder,
  root: Folder,
  skipped: Skipped,
): Promise<ObjectInfo | Folder | undefined> {
  const named = joined(folder.named, name);
  const skip = (reason: SkipReason): undefined => skipped(named.toString(), reason) as undefined;
  const chosen = folder.select(name.toString());
  if (chosen.skip !== undefined) return skip(chosen.skip);
  const real = joined(folder.real, name);
  if (kind.isDirectory()) return chosen.below === undefined ? undefined : { real, named, select: chosen.below };
  if (!chosen.file) return undefined;
  if (kind.isSymbolicLink()) return linked(real, named, root, skip);
  if (!kind.isFile()) return skip('no-file');
  return ifThere(async () => objectInfo(real, named, await lstat(real, { bigint: true })), skip);
}

/** A link to a file in the same folder is that file; its address is the file's own, so both are one object. */
async function linked(
  link: Buffer,
  named: Buffer,
  root: Folder,
  skip: (reason: SkipReason) => undefined,
): Promise<ObjectInfo | undefined> {
  const target = await realpath(link, { encoding: 'buffer' }).catch(() => undefined);
  if (target === undefined) return skip('link-to-nothing');
  if (!isWithin(root.real, target)) return skip('link-to-outside');
  const stats = await ifThere(() => stat(target, { bigint: true }), skip);
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return skip('link-to-folder');
  return stats.isFile() ? objectInfo(target, named, stats) : skip('no-file');
}

function isWithin(folder: Buffer, path: Buffer): boolean {
  const below = joined(folder, Buffer.alloc(0));
  return path.equals(folder) || path.subarray(0, below.length).equals(below);
}

async function ifThere<Found>(
  look: () => Promise<Found>,
  skip: (reason: SkipReason) => undefined,
): Promise<Found | undefined> {
  try {
    return await look();
  } catch (thrown) {
    return skip(isGone(thrown) ? 'gone' : 'unreadable');
  }
}

async function readableEntries(folder: Folder, skipped: Skipped): Promise<Entry[]> {
  const skip = (reason: SkipReason): undefined => skipped(folder.named.toString(), reason) as undefined;
  return (await ifThere(() => entriesOf(folder), skip)) ?? [];
}

async function entriesOf({ real }: Folder): Promise<Entry[]> {
  const found = await readdir(real, { withFileTypes: true, encoding: 'buffer' });
  return found
    .map((kind): Entry => {
      // A folder's files have a slash next, which may come before or after a neighbour's next letter.
      return { name: kind.name, kind, order: kind.isDirectory() ? Buffer.concat([kind.name, SLASH]) : kind.name };
    })
    .sort((a, b) => Buffer.compare(a.order, b.order));
}

function joined(folder: Buffer, name: Buffer): Buffer {
  return folder.at(-1) === SLASH[0] ? Buffer.concat([folder, name]) : Buffer.concat([folder, SLASH, name]);
}

/** The file or folder went away, or a part of its path did. */
export function isGone(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
}
