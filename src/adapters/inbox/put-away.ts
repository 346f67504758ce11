import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const MOST_NAMES = 10_000;
const LONGEST_NAME_BYTES = 200;

/** Moves a file into `done/YYYY-MM-DD/`; returns where it is now. */
export async function putDone(dir: string, name: string, now: number): Promise<string> {
  const folder = join(dir, 'done', new Date(now).toISOString().slice(0, 10));
  await mkdir(folder, { recursive: true });
  return moved(join(dir, name), await freeName(folder, name));
}

/** Moves a file into `failed/` and writes why beside it, as `<name>.reason.txt`; returns where it is now. */
export async function putFailed(dir: string, name: string, reason: string): Promise<string> {
  const folder = join(dir, 'failed');
  await mkdir(folder, { recursive: true });
  const target = await freeName(folder, name);
  // The reason first: a crash in between leaves a reason without a file, and the file is read once more.
  await writeFile(`${target}.reason.txt`, reason);
  return moved(join(dir, name), target);
}

async function moved(from: string, target: string): Promise<string> {
  try {
    await rename(from, target);
    return target;
  } catch (thrown) {
    await rm(target, { force: true });
    throw thrown;
  }
}

/** A name nobody has yet in that folder, reserved by an empty file, because a rename would replace silently. */
async function freeName(folder: string, name: string): Promise<string> {
  for (let number = 1; number <= MOST_NAMES; number++) {
    const target = join(folder, numbered(bounded(name), number));
    if (await reserve(target)) return target;
  }
  throw new Error(`${folder} has ${MOST_NAMES} files of the name ${JSON.stringify(name)}; move some away`);
}

async function reserve(target: string): Promise<boolean> {
  try {
    await (await open(target, 'wx')).close();
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

// `events.json`, `events.2.json`: the ending stays, so that the file still opens and can be put back.
function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const inner = name.endsWith('.gz') ? `${extname(name.slice(0, -3))}.gz` : extname(name);
  return `${name.slice(0, name.length - inner.length)}.${number}${inner}`;
}

// A name may be as long as the file system allows, and then has no room for what is added to it.
function bounded(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME_BYTES) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, 40)}-${hash}${extname(name)}`;
}
