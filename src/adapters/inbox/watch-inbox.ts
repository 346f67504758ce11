import type { BigIntStats } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock, Sleeper } from '#ports/clock.ts';
import { DEFAULT_LIMITS } from './decoded-bytes.ts';
import { fingerprintOf, statsOf } from './file-stats.ts';
import type { AcceptText } from './read-inbox-file.ts';
import { type InboxLog, takeFile, type Waiting } from './take-file.ts';
import { DEFAULT_SIZES } from './text-chunks.ts';

export type InboxSettings = {
  readonly dir: string;
  readonly accept: AcceptText;
  readonly clock: Clock;
  readonly sleeper: Sleeper;
  readonly signal: AbortSignal;
  readonly log: InboxLog;
  readonly pollMs?: number;
  /** Largest file, and the most it may unpack to; default 1 GiB. */
  readonly maxBytes?: number;
};

const POLL_MS = 1_000;
const NAME = /^[^.].*\.(?:json|jsonl|ndjson)(?:\.gz)?$/is;
/** An empty file is most likely one that somebody has just begun to write. */
const EMPTY_MS = 60_000;

/**
 * Takes `*.json`, `*.jsonl`, `*.ndjson` and the same with `.gz` out of a folder: hands their text to `accept`, then moves them to
 * `done/YYYY-MM-DD/`, or to `failed/` with the reason beside them when any part was rejected (the good parts are accepted all the same).
 * A file counts as complete when its size and time stayed the same over two looks; a writer that may pause for longer writes under
 * another name (a leading dot, another ending) and renames. A file moves only after `accept` has resolved, so a crash at any moment
 * means reading it again, never losing it. Resolves when `signal` aborts.
 * @example await watchInbox({ dir, accept, clock, sleeper, signal, log });
 */
export async function watchInbox(settings: InboxSettings): Promise<void> {
  await prepare(settings.dir);
  const waiting = new Map<string, Waiting>();
  let lastTrouble = '';
  while (!settings.signal.aborted) {
    try {
      await look(settings, waiting);
      lastTrouble = '';
    } catch (thrown) {
      const trouble = messageOf(thrown);
      if (trouble !== lastTrouble)
        settings.log.warn({ dir: settings.dir }, `cannot look into the inbox, trying again: ${trouble}`);
      lastTrouble = trouble;
    }
    await settings.sleeper.sleep(settings.pollMs ?? POLL_MS, settings.signal);
  }
}

async function prepare(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (cause) {
    throw new YaguraError('input.unreadable', `Cannot use ${dir} as the inbox folder: ${messageOf(cause)}`, { cause });
  }
}

async function look(settings: InboxSettings, waiting: Map<string, Waiting>): Promise<void> {
  const found = await candidates(settings.dir);
  for (const name of waiting.keys()) if (!found.has(name)) waiting.delete(name);
  for (const [name, stats] of oldestFirst(found)) {
    if (settings.signal.aborted) return;
    const file = dueFile(settings.clock, waiting, name, stats);
    if (file === undefined) continue;
    const outcome = await takeFile(file, {
      ...settings,
      limits: { ...DEFAULT_LIMITS, ...maxBytesOf(settings) },
      sizes: DEFAULT_SIZES,
    });
    if (outcome === 'gone') waiting.delete(name);
    // What is wrong is not this file; the others would only meet the same.
    if (outcome === 'pause') return;
  }
}

async function candidates(dir: string): Promise<ReadonlyMap<string, BigIntStats>> {
  const found = new Map<string, BigIntStats>();
  for (const name of await readdir(dir)) {
    if (!NAME.test(name)) continue;
    const stats = await statsOf(join(dir, name));
    if (stats !== undefined) found.set(name, stats);
  }
  return found;
}

/** So that events come in about the order they were written. */
function oldestFirst(found: ReadonlyMap<string, BigIntStats>): [string, BigIntStats][] {
  return [...found].sort(([a, one], [b, other]) => {
    if (one.mtimeNs !== other.mtimeNs) return one.mtimeNs < other.mtimeNs ? -1 : 1;
    return a < b ? -1 : 1;
  });
}

function dueFile(clock: Clock, waiting: Map<string, Waiting>, name: string, stats: BigIntStats): Waiting | undefined {
  const now = clock.now();
  const known = waiting.get(name);
  const fingerprint = fingerprintOf(stats);
  if (known?.fingerprint !== fingerprint) {
    waiting.set(name, { name, fingerprint, stats, firstSeenAt: now, tries: 0, retryAt: 0, verdict: undefined });
    return undefined;
  }
  if (stats.isFile() && stats.size === 0n && now - known.firstSeenAt < EMPTY_MS) return undefined;
  return now >= known.retryAt ? known : undefined;
}

function maxBytesOf(settings: InboxSettings): { maxBytes?: number } {
  return settings.maxBytes === undefined ? {} : { maxBytes: settings.maxBytes };
}
