import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteManifest } from '#adapters/lake-manifest/sqlite-manifest.ts';
import type { LakeReader } from '#apps/lake/lake-reader.ts';
import type { Answered, Asked } from '#apps/lake/reader-process.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { LakeManifest } from '#ports/lake-manifest.ts';

/** The lake as the console reads it. */
export type LakeAccess = {
  readonly reader: LakeReader;
  /** The manifest; undefined while nothing was ingested. */
  manifest(): LakeManifest | undefined;
  stop(): void;
};

export type LakeAccessOptions = { readonly dataDir: string; readonly idleMs?: number; readonly patienceMs?: number };

const IDLE_MS = 5 * 60_000;
const PATIENCE_MS = 60_000;
const SCRIPT = join(import.meta.dirname, '../lake/reader-process.ts');

type Waiting = { resolve(value: unknown): void; reject(error: Error): void; readonly timer: NodeJS.Timeout };

/**
 * Opens what is there of the lake when it is first asked for. Searches run in a process of their own, so that the
 * server stays small; it ends when nobody asks for a while, and when an answer takes too long.
 */
export function createLakeAccess(options: LakeAccessOptions): LakeAccess {
  const path = join(options.dataDir, 'lake', 'manifest.sqlite');
  let opened: LakeManifest | undefined;
  const manifest = (): LakeManifest | undefined => {
    if (opened === undefined && existsSync(path)) opened = openSqliteManifest(path);
    return opened;
  };
  const { ask, stop } = createAsker(options);
  const reader: LakeReader = {
    events: (request) => ask('events', request),
    histogram: (request) => ask('histogram', request),
    facets: (request) => ask('facets', request),
    sql: (request) => ask('sql', request),
    original: (request) => ask('original', request),
  };
  return {
    reader,
    manifest,
    stop: () => {
      stop();
      opened?.close();
      opened = undefined;
    },
  };
}

type Asker = { ask<T>(what: keyof LakeReader, given: unknown): Promise<T>; stop(): void };

function createAsker({ dataDir, idleMs = IDLE_MS, patienceMs = PATIENCE_MS }: LakeAccessOptions): Asker {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  const end = (message: string): void => {
    child?.kill('SIGKILL');
    child = undefined;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new YaguraError('input.invalid', message));
    }
    waiting.clear();
  };
  const take = (answered: Answered): void => {
    const found = waiting.get(answered.id);
    if (found === undefined) return;
    waiting.delete(answered.id);
    clearTimeout(found.timer);
    if ('error' in answered) found.reject(new YaguraError(answered.error.code, answered.error.message));
    else found.resolve(answered.value);
    if (waiting.size === 0) idle = setTimeout(() => end(''), idleMs).unref();
  };
  const started = (): ChildProcess => {
    if (child !== undefined) return child;
    const fresh = fork(SCRIPT, [dataDir], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    fresh.on('message', (message) => take(message as Answered)); // its only messages
    fresh.on('exit', () => {
      if (child === fresh) end('The search ended unexpectedly, perhaps for want of memory. Narrow the time range.');
    });
    child = fresh;
    return fresh;
  };
  const ask = <T>(what: keyof LakeReader, given: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      clearTimeout(idle);
      last += 1;
      const timer = setTimeout(
        () => end(`The search took longer than ${patienceMs / 1000} s and was stopped. Narrow the time range.`),
        patienceMs,
      );
      waiting.set(last, { resolve: (value) => resolve(value as T), reject, timer }); // what the reader's method gives
      started().send({ id: last, what, given } satisfies Asked);
    });
  const stop = (): void => {
    clearTimeout(idle);
    end('The server is stopping.');
  };
  return { ask, stop };
}
