import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, createSeededRandom } from '../../../test/stand-ins/time.ts';
import { localDisk, type SpoolDisk } from './spool-disk.ts';
import { openSpoolNumbers } from './spool-numbers.ts';
import { createSpoolWriter, type SpoolWriter } from './spool-writer.ts';
import { DEFAULT_LIMITS, type SyslogLimits } from './syslog-limits.ts';

type Operation = 'open' | 'write' | 'truncate' | 'sync' | 'close' | 'rename';

/** The machine's disk, asked before each operation; what `before` throws, the operation throws. A write that fails has written half. */
function troubledDisk(before: (operation: Operation) => void | Promise<void>): SpoolDisk {
  return {
    ...localDisk,
    rename: async (from, to) => {
      await before('rename');
      await localDisk.rename(from, to);
    },
    open: async (path, flags) => {
      await before('open');
      const file = await localDisk.open(path, flags);
      return {
        write: async (bytes, position) => {
          try {
            await before('write');
          } catch (thrown) {
            await file.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), position);
            throw thrown;
          }
          await file.write(bytes, position);
        },
        truncate: async (length) => {
          await before('truncate');
          await file.truncate(length);
        },
        sync: async () => {
          await before('sync');
          await file.sync();
        },
        close: async () => {
          await file.close();
          await before('close');
        },
      };
    },
  };
}

const noSpace = (): Error => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

let spool: string;
let ready: string[];
let pressure: boolean[];
let warnings: string[];
const clock = createFakeClock();

async function freshSpool(): Promise<void> {
  spool = mkdtempSync(join(tmpdir(), 'yagura-spool-'));
  await mkdir(join(spool, 'open'));
  await mkdir(join(spool, 'ready'));
  [ready, pressure, warnings] = [[], [], []];
}
beforeEach(freshSpool);
afterEach(() => rm(spool, { recursive: true }));

async function writerOn(disk: SpoolDisk, limits: Partial<SyslogLimits> = {}): Promise<SpoolWriter> {
  return createSpoolWriter({
    spool,
    clock,
    limits: { ...DEFAULT_LIMITS, syncMs: 1, retryMs: 1, ...limits },
    disk,
    numbers: await openSpoolNumbers(spool, 0, localDisk),
    log: { info: () => undefined, warn: (_fields, message) => warnings.push(message) },
    onReady: (path) => ready.push(path),
    onPressure: (isBehind) => pressure.push(isBehind),
  });
}

async function readyText(): Promise<string> {
  return (await Promise.all(ready.map((path) => readFile(path, 'utf8')))).join('');
}

function appendLines(writer: SpoolWriter, from: number, to: number): void {
  for (let number = from; number < to; number += 1) writer.append(`line ${number}`, clock.now());
}

function linesText(count: number): string {
  return Array.from({ length: count }, (_, number) => `line ${number}\n`).join('');
}

describe('a disk that is full', () => {
  it('makes senders wait, is counted and told once, and loses nothing when there is room again', async () => {
    let isFull = true;
    const writer = await writerOn(
      troubledDisk((operation) => {
        if (operation === 'write' && isFull) throw noSpace();
      }),
    );
    appendLines(writer, 0, 100);
    await vi.waitFor(() => expect(writer.counts.diskErrors).toBeGreaterThan(3));
    const during = writer.counts;
    isFull = false;

    await writer.flush();
    await writer.close();

    expect(during).toMatchObject({ isBehind: true, durable: 0, waiting: 100, lastDiskError: noSpace().message });
    expect(pressure).toEqual([true, false]);
    expect(warnings).toEqual(['cannot write to the spool, senders over TCP wait; trying again']);
    expect(await readyText()).toBe(linesText(100));
    expect(writer.counts).toMatchObject({ taken: 100, durable: 100, waiting: 0, waitingBytes: 0, lost: 0 });
  });

  it('at the stop is tried once more, then what is lost is counted and told, and flushes fail', async () => {
    const writer = await writerOn(
      troubledDisk((operation) => {
        if (operation === 'write') throw noSpace();
      }),
      { retryMs: 3_600_000 },
    );
    appendLines(writer, 0, 3);
    const flushed = writer.flush();
    await Promise.all([
      expect(flushed).rejects.toThrow(`Cannot write 3 messages to the spool ${spool}: ENOSPC`),
      writer.close(),
    ]);

    expect(writer.counts).toMatchObject({ taken: 3, durable: 0, waiting: 0, lost: 3 });
    expect(warnings).toContain('stopped while the spool could not be written');
    expect(ready).toEqual([]);
  });
});

describe('a disk that is slow', () => {
  it('holds senders back from the limit on until half of it is written', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const writer = await writerOn(
      troubledDisk(async (operation) => {
        if (operation === 'sync') await released;
      }),
      { behindBytes: 1_000, syncBytes: 200 },
    );

    appendLines(writer, 0, 50);
    const below = [...pressure];
    appendLines(writer, 50, 150);
    const above = [...pressure];
    release();
    await writer.flush();

    expect([below, above, pressure]).toEqual([[], [true], [true, false]]);
    await writer.close();
    expect(await readyText()).toBe(linesText(150));
  });
});

describe('a disk that fails to sync', () => {
  it('is not believed to have what was written: it is written again', async () => {
    let failures = 2;
    const written: Operation[] = [];
    const writer = await writerOn(
      troubledDisk((operation) => {
        written.push(operation);
        if (operation === 'sync' && failures-- > 0) throw new Error('EIO: i/o error, fdatasync');
      }),
    );
    appendLines(writer, 0, 3);

    await writer.flush();

    const failed: Operation[] = ['write', 'sync', 'close', 'open'];
    expect(written).toEqual(['open', ...failed, ...failed, 'write', 'sync']);
    await writer.close();
    expect(await readyText()).toBe(linesText(3));
  });
});

describe('an open file', () => {
  it('that somebody removes is told with what was in it, and the rest goes into a new one', async () => {
    let isBroken = false;
    const writer = await writerOn(
      troubledDisk((operation) => {
        if (operation === 'write' && isBroken) throw noSpace();
      }),
    );
    appendLines(writer, 0, 3);
    await writer.flush();
    isBroken = true;
    const [name = ''] = await readdir(join(spool, 'open'));
    await unlink(join(spool, 'open', name));
    writer.append('line 3', clock.now());
    await vi.waitFor(() => expect(writer.counts.diskErrors).toBeGreaterThan(0));
    isBroken = false;

    await writer.flush();
    await writer.close();

    expect(writer.counts).toMatchObject({ taken: 4, durable: 1, lost: 3, waiting: 0 });
    expect(warnings).toContain('somebody removed the open file of the spool');
    expect(await readyText()).toBe('line 3\n');
  });

  it('that gets old while half of a line could be written is made ready without that half', async () => {
    let isFull = false;
    const writer = await writerOn(
      troubledDisk((operation) => {
        if (operation === 'write' && isFull) throw noSpace();
      }),
    );
    appendLines(writer, 0, 3);
    await writer.flush();
    isFull = true;
    writer.append('line 3', clock.now());
    await vi.waitFor(() => expect(writer.counts.diskErrors).toBeGreaterThan(0));
    clock.advance(60_000);

    writer.tick();
    await vi.waitFor(() => expect(ready.length).toBe(1));

    expect(await readyText()).toBe(linesText(3));
    isFull = false;
    await writer.close();
    expect(await readyText()).toBe(linesText(4));
  });

  it('gets old though the clock is set back', async () => {
    const writer = await writerOn(localDisk);
    appendLines(writer, 0, 1);
    await writer.flush();

    clock.advance(-3_600_000);
    writer.tick();
    await vi.waitFor(() => expect(ready.length).toBe(1));

    await writer.close();
    expect(await readyText()).toBe(linesText(1));
  });
});

describe('a disk that fails at any operation now and then', () => {
  it('costs no line, doubles none and keeps their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 20, max: 400 }), async (seed, rotateBytes) => {
        const random = createSeededRandom(seed);
        const disk = troubledDisk((operation) => {
          if (random.next() < 0.25) throw new Error(`EIO: ${operation}`);
        });
        const writer = await writerOn(disk, { rotateBytes, syncBytes: 50, retryMs: 0 });

        for (let from = 0; from < 60; from += 10) {
          appendLines(writer, from, from + 10);
          if (random.next() < 0.5) await writer.flush();
          if (random.next() < 0.5) clock.advance(60_000);
          writer.tick();
        }
        await writer.flush();
        clock.advance(60_000);
        await vi.waitFor(async () => {
          writer.tick();
          expect(await readdir(join(spool, 'open'))).toEqual([]);
        });

        expect(await readyText()).toBe(linesText(60));
        expect(writer.counts).toMatchObject({ durable: 60, waitingBytes: 0, lost: 0 });
        await writer.close();
        await rm(spool, { recursive: true });
        await freshSpool();
      }),
      { numRuns: 30 },
    );
  });
});
