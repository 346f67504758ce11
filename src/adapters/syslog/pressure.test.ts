import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock } from '../../../test/stand-ins/time.ts';
import { localDisk, type SpoolDisk } from './spool-disk.ts';
import { connected, LOOPBACK, type SyslogRig, sendUdp, syslogRig } from './syslog-rig.ts';

let rig: SyslogRig;
beforeEach(() => {
  rig = syslogRig(createFakeClock());
});
afterEach(() => rig.dispose());

/** A disk that finishes no write before it is released. */
function gatedDisk(): SpoolDisk & { release(): void } {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    ...localDisk,
    release: () => release(),
    open: async (path, flags) => {
      const file = await localDisk.open(path, flags);
      return { ...file, write: (bytes, position) => released.then(() => file.write(bytes, position)) };
    },
  };
}

const LINE = `<34>${'a'.repeat(995)}\n`;
/** More than the buffers of both ends of a loopback connection hold. */
const LINES = 64_000;

describe('a disk that is slow', () => {
  it('makes a TCP sender wait, and in the end has everything', async () => {
    const disk = gatedDisk();
    const listener = await rig.start({ tcp: LOOPBACK, disk, limits: { behindBytes: 1_000_000 } });
    const { socket } = await connected(listener.ports.tcp ?? 0);
    const sent = new Promise((resolve) => socket.end(LINE.repeat(LINES), () => resolve(undefined)));
    await vi.waitFor(() => expect(listener.stats().isBehind).toBe(true));
    // Another connection is open, but not read either.
    const late = await connected(listener.ports.tcp ?? 0);
    late.socket.end('<34>late\n');
    await vi.waitFor(() => expect(listener.stats().tcp?.open).toBe(2));
    const during = listener.stats();

    disk.release();
    await sent;
    await vi.waitFor(() => expect(listener.stats().taken).toBe(LINES + 1), { timeout: 15_000 });
    const after = await listener.flush();

    expect(during.taken).toBeLessThan(2_000);
    expect(during.waitingBytes).toBeLessThan(1_200_000);
    expect(after).toMatchObject({ durable: LINES + 1, waiting: 0, lost: 0, isBehind: false });
  });

  it('makes UDP drop, which is counted and told', async () => {
    const disk = gatedDisk();
    const listener = await rig.start({ udp: LOOPBACK, disk, limits: { behindBytes: 2_000 } });
    const seen = () => listener.stats().received.udp + listener.stats().udpDropped;

    for (let count = 1; count <= 5; count += 1) {
      await sendUdp(listener.ports.udp ?? 0, [LINE]);
      await vi.waitFor(() => expect(seen()).toBe(count));
    }
    disk.release();
    const stats = await listener.flush();

    expect(stats).toMatchObject({ received: { udp: 2 }, udpDropped: 3, durable: 2 });
    await vi.waitFor(() => {
      const told = rig.warnings.filter(({ message }) => message === 'dropped datagrams because the disk is behind');
      expect(told.at(-1)?.fields).toMatchObject({ dropped: 3 });
    });
  });
});

describe('a disk that refuses', () => {
  it('makes TCP senders wait until it takes again', async () => {
    let isFull = true;
    const disk: SpoolDisk = {
      ...localDisk,
      open: async (path, flags) => {
        if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device, open'), { code: 'ENOSPC' });
        return localDisk.open(path, flags);
      },
    };
    const listener = await rig.start({ tcp: LOOPBACK, disk });
    const { socket } = await connected(listener.ports.tcp ?? 0);
    socket.write('<34>a\n');
    await vi.waitFor(() => expect(listener.stats()).toMatchObject({ isBehind: true, taken: 1 }));
    socket.end('<34>b\n');
    const errors = listener.stats().diskErrors;
    await vi.waitFor(() => expect(listener.stats().diskErrors).toBeGreaterThan(errors + 3));
    const during = listener.stats();

    isFull = false;
    await vi.waitFor(() => expect(listener.stats()).toMatchObject({ durable: 2, isBehind: false }));

    expect(during).toMatchObject({ taken: 1, tcp: { open: 1 } });
    expect(rig.warnings.map(({ message }) => message)).toEqual([
      'cannot write to the spool, senders over TCP wait; trying again',
    ]);
  });
});
