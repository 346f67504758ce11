import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock } from '#ports/clock.ts';
import { type Limits, openRegularFile } from './decoded-bytes.ts';
import { fingerprintOf, kindOf, statsOf } from './file-stats.ts';
import { putDone, putFailed } from './put-away.ts';
import { type AcceptText, type FileVerdict, readInboxFile } from './read-inbox-file.ts';
import { reasonText } from './reason-text.ts';
import type { ChunkSizes } from './text-chunks.ts';

export type InboxLog = { info(fields: object, message: string): void; warn(fields: object, message: string): void };

/** What is known of a file that still lies in the inbox. */
export type Waiting = {
  readonly name: string;
  readonly fingerprint: string;
  readonly stats: BigIntStats;
  readonly firstSeenAt: number;
  tries: number;
  retryAt: number;
  /** Read to its end; only the move failed. */
  verdict: FileVerdict | undefined;
};

export type TakeSettings = {
  readonly dir: string;
  readonly accept: AcceptText;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: InboxLog;
  readonly limits: Limits;
  readonly sizes: ChunkSizes;
};

/** `gone`: moved away; `later`: it stays, the next one may go; `pause`: nothing can be accepted now. */
export type Outcome = 'gone' | 'later' | 'pause';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A file that makes the reader itself fail this often is put aside, so that it is not tried for ever. */
const MOST_TRIES = 5;
/** The file's own fault, which no waiting mends. */
const UNREADABLE = new Set(['EACCES', 'EPERM', 'ELOOP', 'ENXIO']);

/** Reads one file that rests, has its text accepted and puts it away. */
export async function takeFile(file: Waiting, settings: TakeSettings): Promise<Outcome> {
  if (file.stats.isDirectory()) return leave(file, settings);
  if (!file.stats.isFile())
    return putAway(file, refused(`is ${kindOf(file.stats)}, not a file; put the file itself here`), settings);
  if (file.verdict !== undefined) return putAway(file, file.verdict, settings);
  let verdict: FileVerdict | 'gone';
  try {
    verdict = await read(file.name, settings);
  } catch (thrown) {
    return failed(file, thrown, settings);
  }
  if (verdict === 'gone') return 'gone';
  if (!verdict.complete) return 'pause';
  const after = await statsOf(join(settings.dir, file.name));
  // Somebody wrote on while it was read: what was there is accepted, and the whole is read again when it rests.
  if (after === undefined || fingerprintOf(after) !== file.fingerprint) return 'later';
  return putAway(file, verdict, settings);
}

async function read(name: string, settings: TakeSettings): Promise<FileVerdict | 'gone'> {
  const path = join(settings.dir, name);
  const opened = await openRegularFile(path).catch(unreadable);
  if (typeof opened === 'string')
    return opened === 'ENOENT' ? 'gone' : refused(`cannot be opened (${opened}); check its owner and permissions`);
  try {
    return await readInboxFile(opened, { path, name }, settings.accept, settings);
  } finally {
    await opened.close();
  }
}

function unreadable(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT' || UNREADABLE.has(code)) return code;
  throw thrown;
}

function refused(reason: string): FileVerdict {
  return { accepted: 0, rejected: [{ position: 'file', reason }], rejectedCount: 1, complete: true };
}

async function failed(file: Waiting, thrown: unknown, settings: TakeSettings): Promise<Outcome> {
  const dependency = thrown instanceof YaguraError && !thrown.code.startsWith('input.');
  if (!dependency && file.tries + 1 >= MOST_TRIES)
    return putAway(file, refused(`could not be read in ${MOST_TRIES} tries: ${messageOf(thrown)}`), settings);
  wait(file, settings.clock);
  settings.log.warn(
    { file: file.name, err: thrown, tries: file.tries },
    'an inbox file could not be accepted now; it stays and is tried again',
  );
  return dependency ? 'pause' : 'later';
}

async function putAway(file: Waiting, verdict: FileVerdict, { dir, clock, log }: TakeSettings): Promise<Outcome> {
  const { accepted, rejectedCount: rejected, rejected: reasons } = verdict;
  try {
    if (rejected === 0) {
      log.info(
        { file: file.name, accepted, movedTo: await putDone(dir, file.name, clock.now()) },
        'inbox file accepted',
      );
    } else {
      const movedTo = await putFailed(dir, file.name, reasonText(file.name, verdict));
      log.warn(
        { file: file.name, accepted, rejected, first: reasons[0], movedTo },
        'inbox file failed, in whole or in part; the reasons are beside it',
      );
    }
    return 'gone';
  } catch (thrown) {
    // Its events are safe; without this memory they would be accepted again at every look.
    file.verdict = verdict;
    wait(file, clock);
    log.warn(
      { file: file.name, err: thrown, accepted, rejected },
      'an inbox file was read but cannot be moved away; check permissions and space of done/ and failed/',
    );
    return 'later';
  }
}

function leave(file: Waiting, { log }: TakeSettings): Outcome {
  log.warn({ file: file.name }, 'a folder lies in the inbox under the name of a file; it is left alone');
  file.retryAt = Number.POSITIVE_INFINITY;
  return 'later';
}

function wait(file: Waiting, clock: Clock): void {
  file.retryAt = clock.now() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** file.tries);
  file.tries += 1;
}
