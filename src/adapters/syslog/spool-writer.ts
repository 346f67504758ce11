import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock } from '#ports/clock.ts';
import { type Batch, firstBatches, linesOf } from './spool-batch.ts';
import type { SpoolDisk, SpoolFile } from './spool-disk.ts';
import { openPath, readyPath } from './spool-names.ts';
import type { SpoolNumbers } from './spool-numbers.ts';
import type { SyslogLimits } from './syslog-limits.ts';
import type { SyslogLog } from './syslog-log.ts';

export type SpoolWriterSettings = {
  readonly spool: string;
  readonly clock: Clock;
  readonly limits: SyslogLimits;
  readonly disk: SpoolDisk;
  readonly numbers: SpoolNumbers;
  readonly log: SyslogLog;
  /** A file is complete. */
  readonly onReady: (path: string) => void;
  /** Senders have to wait, or may go on. */
  readonly onPressure: (isBehind: boolean) => void;
};

/** Writes lines into the spool, one file at a time; its state is that file and what is not yet on disk. */
export interface SpoolWriter {
  /** Takes a line, which came at this time. */
  append(line: string, at: number): void;
  /** Resolves when every line taken so far is on disk; waits as long as the disk refuses, and throws when the writer gives up. */
  flush(): Promise<void>;
  /** Looks at the file's age. */
  tick(): void;
  /** Writes what is left, makes the file ready and ends; a disk that refuses twice more is given up. */
  close(): Promise<void>;
  readonly counts: SpoolCounts;
}

export type SpoolCounts = {
  /** Lines taken = durable + waiting + lost. */
  readonly taken: number;
  readonly durable: number;
  readonly waiting: number;
  /** Lines that never came to the disk before the writer ended, or whose file somebody removed while it was open. */
  readonly lost: number;
  readonly waitingBytes: number;
  readonly isBehind: boolean;
  readonly filesReady: number;
  readonly diskErrors: number;
  readonly lastDiskError: string | undefined;
};

type OpenFile = {
  readonly path: string;
  readonly number: number;
  readonly firstAt: number;
  handle: SpoolFile | undefined;
  written: number;
  synced: number;
  syncedLines: number;
  /** Something may lie beyond `written`. */
  isRagged: boolean;
};

const TRIES_WHEN_CLOSING = 2;
/** Of a disk that refuses, every so many tries are told. */
const TELL_EVERY = 60;

/** A writer that waits for its first line. */
export function createSpoolWriter(settings: SpoolWriterSettings): SpoolWriter {
  return new GroupingWriter(settings);
}

class GroupingWriter implements SpoolWriter {
  readonly #settings: SpoolWriterSettings;
  #queue: Batch[] = [];
  /** Written, but perhaps not on disk: kept, because a disk that fails to sync may have forgotten them. */
  #unsynced: Batch[] = [];
  #file: OpenFile | undefined;
  #working: Promise<void> | undefined;
  #flushes: { readonly upTo: number; readonly done: (error?: YaguraError) => void }[] = [];
  #syncTimer: NodeJS.Timeout | undefined;
  #isSyncDue = false;
  #isRotationDue = false;
  #failuresInRow = 0;
  readonly #closing = new AbortController();
  #taken = 0;
  #durable = 0;
  #lost = 0;
  #waitingBytes = 0;
  #isBehind = false;
  #filesReady = 0;
  #diskErrors = 0;
  #lastDiskError: string | undefined;

  constructor(settings: SpoolWriterSettings) {
    this.#settings = settings;
  }

  get counts(): SpoolCounts {
    return {
      taken: this.#taken,
      durable: this.#durable,
      waiting: this.#taken - this.#durable - this.#lost,
      lost: this.#lost,
      waitingBytes: this.#waitingBytes,
      isBehind: this.#isBehind,
      filesReady: this.#filesReady,
      diskErrors: this.#diskErrors,
      lastDiskError: this.#lastDiskError,
    };
  }

  append(line: string, at: number): void {
    const bytes = Buffer.from(`${line}\n`);
    this.#queue.push({ bytes, lines: 1, at });
    this.#taken += 1;
    this.#waitingBytes += bytes.length;
    this.#judgePressure();
    this.#wake();
  }

  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: YaguraError): void => (error === undefined ? resolve() : reject(error));
      this.#flushes.push({ upTo: this.#taken, done });
      this.#answerFlushes();
      this.#wake();
    });
  }

  tick(): void {
    if (this.#file === undefined) return;
    // A clock that was set back would otherwise keep the file open until it has caught up.
    const age = Math.abs(this.#settings.clock.now() - this.#file.firstAt);
    if (age < this.#settings.limits.rotateMs) return;
    this.#isRotationDue = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#failuresInRow = 0;
    this.#isRotationDue = true;
    this.#wake();
    while (this.#working !== undefined) await this.#working;
    clearTimeout(this.#syncTimer);
  }

  #wake(): void {
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // Whoever wakes the writer must find `#working` set before it is unset here.
    await Promise.resolve();
    while (this.#hasWork()) await this.#step();
    this.#working = undefined;
  }

  #hasWork(): boolean {
    return this.#queue.length > 0 || this.#mustSync() || this.#mustRotate();
  }

  #mustSync(): boolean {
    if (this.#unsynced.length === 0) return false;
    const isLarge =
      this.#file !== undefined && this.#file.written - this.#file.synced >= this.#settings.limits.syncBytes;
    return isLarge || this.#isSyncDue || this.#flushes.length > 0 || this.#mustRotate();
  }

  #mustRotate(): boolean {
    if (this.#file === undefined || this.#file.written === 0) return false;
    const isFull = this.#file.written >= this.#settings.limits.rotateBytes;
    // The last file takes everything that is left.
    return isFull || (this.#isRotationDue && (this.#queue.length === 0 || !this.#closing.signal.aborted));
  }

  async #step(): Promise<void> {
    try {
      if (this.#queue.length > 0 && !this.#mustRotate()) await this.#write();
      if (this.#mustSync()) await this.#sync();
      if (this.#mustRotate()) await this.#rotate();
      this.#succeeded();
    } catch (thrown) {
      await this.#failed(thrown);
    }
  }

  async #write(): Promise<void> {
    const { file, handle } = await this.#opened();
    const { syncBytes, syncMs, rotateBytes } = this.#settings.limits;
    const { count, batch } = firstBatches(this.#queue, Math.min(syncBytes, rotateBytes - file.written));
    await handle.write(batch.bytes, file.written);
    this.#queue.splice(0, count);
    file.written += batch.bytes.length;
    this.#unsynced.push(batch);
    this.#syncTimer ??= setTimeout(() => {
      this.#isSyncDue = true;
      this.#wake();
    }, syncMs);
  }

  async #opened(): Promise<{ readonly file: OpenFile; readonly handle: SpoolFile }> {
    const { disk, spool, clock } = this.#settings;
    if (this.#file !== undefined) {
      const handle = this.#file.handle ?? (await this.#reopened(this.#file));
      this.#file.handle = handle;
      if (handle !== undefined) return { file: this.#file, handle };
      this.#file = undefined;
    }
    const number = await this.#settings.numbers.next();
    const path = openPath(spool, number);
    const handle = await disk.open(path, 'wx');
    const firstAt = this.#queue[0]?.at ?? clock.now();
    this.#file = { path, number, firstAt, handle, written: 0, synced: 0, syncedLines: 0, isRagged: false };
    await disk.syncFolder(dirname(path));
    return { file: this.#file, handle };
  }

  /** After a failure the file is opened anew, because its handle may be what is broken; undefined when it is gone. */
  async #reopened(file: OpenFile): Promise<SpoolFile | undefined> {
    try {
      return await this.#settings.disk.open(file.path, 'r+');
    } catch (thrown) {
      // Node's errors of the file system carry a code.
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
      this.#durable -= file.syncedLines;
      this.#lost += file.syncedLines;
      this.#settings.log.warn(
        { path: file.path, lost: file.syncedLines },
        'somebody removed the open file of the spool',
      );
      return undefined;
    }
  }

  async #sync(): Promise<void> {
    const { file, handle } = await this.#opened();
    const batches = this.#unsynced.length;
    await handle.sync();
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    this.#isSyncDue = false;
    for (const batch of this.#unsynced.splice(0, batches)) {
      file.synced += batch.bytes.length;
      file.syncedLines += batch.lines;
      this.#durable += batch.lines;
      this.#waitingBytes -= batch.bytes.length;
    }
    this.#answerFlushes();
  }

  async #rotate(): Promise<void> {
    const { disk, spool, log } = this.#settings;
    const { file, handle } = await this.#opened();
    // Somebody removed the one that was full or old.
    if (file.written === 0) return;
    if (file.isRagged) {
      await handle.truncate(file.written);
      await handle.sync();
    }
    file.handle = undefined;
    await handle.close();
    const ready = readyPath(spool, file.firstAt, file.number);
    await disk.rename(file.path, ready);
    this.#file = undefined;
    this.#isRotationDue = this.#closing.signal.aborted;
    this.#filesReady += 1;
    try {
      for (const folder of ['open', 'ready']) await disk.syncFolder(join(spool, folder));
    } catch (thrown) {
      log.warn({ path: ready, error: messageOf(thrown) }, 'cannot sync the folders of the spool');
    }
    this.#settings.onReady(ready);
  }

  #succeeded(): void {
    if (this.#failuresInRow > 0)
      this.#settings.log.info(
        { spool: this.#settings.spool, failures: this.#failuresInRow },
        'the spool is written again',
      );
    this.#failuresInRow = 0;
    this.#judgePressure();
  }

  async #failed(thrown: unknown): Promise<void> {
    this.#diskErrors += 1;
    this.#failuresInRow += 1;
    const isNew = this.#lastDiskError !== messageOf(thrown);
    this.#lastDiskError = messageOf(thrown);
    this.#judgePressure();
    const fields = { spool: this.#settings.spool, error: this.#lastDiskError, waitingBytes: this.#waitingBytes };
    if (isNew || this.#failuresInRow % TELL_EVERY === 1)
      this.#settings.log.warn(fields, 'cannot write to the spool, senders over TCP wait; trying again');
    this.#queue.unshift(...this.#unsynced.splice(0));
    if (this.#file !== undefined) await this.#backToSynced(this.#file);
    if (this.#closing.signal.aborted && this.#failuresInRow >= TRIES_WHEN_CLOSING) return this.#giveUp();
    await wait(this.#settings.limits.retryMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  async #backToSynced(file: OpenFile): Promise<void> {
    const handle = file.handle;
    file.handle = undefined;
    file.written = file.synced;
    file.isRagged = true;
    // What its writing has already said is enough.
    await handle?.close().catch(() => undefined);
  }

  /** The open file stays for the next start, which makes what is in it ready. */
  #giveUp(): void {
    const lost = linesOf(this.#queue);
    this.#lost += lost;
    this.#queue = [];
    this.#waitingBytes = 0;
    this.#file = undefined;
    const { spool, log } = this.#settings;
    log.warn({ spool, lost, error: this.#lastDiskError }, 'stopped while the spool could not be written');
    const why = `Cannot write ${lost} messages to the spool ${spool}: ${this.#lastDiskError}`;
    for (const { done } of this.#flushes.splice(0)) done(new YaguraError('store.unavailable', why));
  }

  #answerFlushes(): void {
    const settled = this.#durable + this.#lost;
    const answered = this.#flushes.filter(({ upTo }) => upTo <= settled);
    this.#flushes = this.#flushes.filter(({ upTo }) => upTo > settled);
    for (const { done } of answered) done();
  }

  /** Senders wait from the limit on, and until half of it is written. */
  #judgePressure(): void {
    const { behindBytes } = this.#settings.limits;
    const isBehind = this.#failuresInRow > 0 || this.#waitingBytes >= (this.#isBehind ? behindBytes / 2 : behindBytes);
    if (isBehind === this.#isBehind) return;
    this.#isBehind = isBehind;
    this.#settings.onPressure(isBehind);
  }
}
