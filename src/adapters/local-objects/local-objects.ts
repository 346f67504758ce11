import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { ObjectInfo, ObjectStore } from '#ports/object-store.ts';
import { pathOfUri } from './file-uri.ts';
import { everything, globPattern, isPattern } from './glob-pattern.ts';
import { openFile, shownPath, unreadable } from './read-file.ts';
import { type Spooled, spoolStream } from './spool-stream.ts';
import { isGone, objectInfo, type Skipped, walkFolder } from './walk-folder.ts';

export type LocalObjectsSettings = {
  /** Told of everything below a named folder that is not read, and why. */
  readonly skipped: Skipped;
  /** Relative paths start here; the process's folder otherwise. */
  readonly cwd?: string;
  /** What `-` means: a stream, the folder it is kept in meanwhile, and the key it is recognised by. */
  readonly stdin?: {
    readonly stream: AsyncIterable<Uint8Array>;
    readonly spoolFolder: string;
    readonly key?: string;
  };
};

/** `close` lets go of what came on standard input. */
export type LocalObjects = ObjectStore & { close(): Promise<void> };

/**
 * Files, folders (all below, in order), globs and `-`. A path that exists is taken literally; a file that is named is
 * read whatever it is called, also behind a link. Below a folder, hidden files, `.tmp` and `.part`, and links that
 * lead out of it are not.
 */
export function createLocalObjects(settings: LocalObjectsSettings): LocalObjects {
  const cwd = settings.cwd ?? process.cwd();
  const kept = new Map<string, Spooled>();
  let spooling: Promise<Spooled> | undefined;
  const standardInput = async (): Promise<ObjectInfo> => {
    // A stream ends once; whoever asks again gets what came.
    spooling ??= spool(settings);
    const spooled = await spooling;
    kept.set(spooled.info.uri, spooled);
    return spooled.info;
  };
  return {
    list: async function* (prefix) {
      if (prefix === '-') yield await standardInput();
      else yield* listPath(prefix, cwd, settings.skipped);
    },
    open: async (uri, expected) => {
      if (uri.startsWith('stdin:')) return openSpooled(kept.get(uri), uri, expected?.etag);
      return openFile(pathOfUri(uri) ?? (await realPath(resolve(cwd, uri))), expected?.etag);
    },
    close: async () => {
      await Promise.all([...kept.values()].map((spooled) => spooled.close()));
      kept.clear();
    },
  };
}

async function* listPath(given: string, cwd: string, skipped: Skipped): AsyncGenerator<ObjectInfo> {
  const fromUri = pathOfUri(given)?.toString();
  const path = fromUri ?? resolve(cwd, given);
  const stats = await statsOf(path);
  if (stats?.isDirectory()) yield* walked(path, walkFolder(path, everything, skipped));
  else if (stats?.isFile()) yield objectInfo(await realPath(path), Buffer.from(path), stats);
  else if (stats !== undefined)
    throw new YaguraError(
      'object.unavailable',
      `${shownPath(path)} is a device, pipe or socket, not a file. Pipe it into - instead.`,
    );
  else if (fromUri !== undefined || !isPattern(given))
    throw new YaguraError('object.gone', `There is no file or folder ${shownPath(path)}. Check the path.`);
  else {
    const { base, select } = globPattern(given, cwd);
    if ((await statsOf(base))?.isDirectory()) yield* walked(base, walkFolder(base, select, skipped));
  }
}

/** What the named folder itself refuses is said; what a folder below refuses is skipped and told. */
async function* walked(path: string, files: AsyncGenerator<ObjectInfo>): AsyncGenerator<ObjectInfo> {
  try {
    yield* files;
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (thrown) {
    if (isGone(thrown)) return undefined;
    throw unreadable(path, thrown);
  }
}

async function realPath(path: string): Promise<Buffer> {
  try {
    return await realpath(path, { encoding: 'buffer' });
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

async function spool({ stdin }: LocalObjectsSettings): Promise<Spooled> {
  if (stdin === undefined)
    throw new YaguraError('input.invalid', 'Standard input (-) cannot be read here. Name a file or a folder.');
  return spoolStream(stdin.stream, stdin.spoolFolder, stdin.key ?? 'stdin');
}

function openSpooled(spooled: Spooled | undefined, uri: string, expected: string | undefined) {
  if (spooled === undefined)
    throw new YaguraError(
      'object.gone',
      `${shownPath(uri)} came on the standard input of another run. Pipe it in again.`,
    );
  if (expected !== undefined && expected !== spooled.info.etag)
    throw new YaguraError('object.changed', `${shownPath(uri)} is not ${shownPath(expected)}. List it again.`);
  return spooled.open();
}
