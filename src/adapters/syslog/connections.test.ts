import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, type FakeClock } from '../../../test/stand-ins/time.ts';
import { connected, LOOPBACK, type SyslogRig, syslogRig } from './syslog-rig.ts';

let clock: FakeClock;
let rig: SyslogRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = syslogRig(clock);
});
afterEach(() => rig.dispose());

describe('a connection', () => {
  it('is closed when nothing came for long, and what it had begun is kept', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });
    const { socket } = await connected(listener.ports.tcp ?? 0);
    socket.resume().write('<34>a\n<34>begun');
    await vi.waitFor(() => expect(listener.stats().taken).toBe(1));
    const closed = once(socket, 'close');

    clock.advance(3_600_000);
    await closed;
    await listener.stop();

    expect((await rig.readyLines()).map((line) => line.message)).toEqual(['<34>a', '<34>begun']);
    expect(listener.stats().tcp).toMatchObject({ idle: 1, open: 0 });
  });

  it('stays while something comes now and then', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });
    const { socket } = await connected(listener.ports.tcp ?? 0);
    for (let minute = 1; minute <= 5; minute += 1) {
      socket.write('<34>a\n');
      await vi.waitFor(() => expect(listener.stats().taken).toBe(minute));
      clock.advance(3_000_000);
    }

    expect(listener.stats().tcp).toMatchObject({ idle: 0, open: 1 });
  });

  it('beyond the limit is refused, counted and told, and the others go on', async () => {
    const listener = await rig.start({ tcp: LOOPBACK, limits: { connections: 1 } });
    const first = await connected(listener.ports.tcp ?? 0);
    await vi.waitFor(() => expect(listener.stats().tcp?.open).toBe(1));

    const second = await connected(listener.ports.tcp ?? 0);
    second.socket.on('error', () => undefined).resume();
    await new Promise((resolve) => second.socket.once('close', resolve));
    first.socket.write('<34>a\n');
    await vi.waitFor(() => expect(listener.stats().taken).toBe(1));

    expect(listener.stats().tcp).toMatchObject({ refused: 1, accepted: 1, open: 1 });
    await vi.waitFor(() =>
      expect(rig.warnings.map(({ message }) => message)).toEqual(['refused connections beyond the limit']),
    );
  });

  it('that breaks costs only itself', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });
    const [broken, whole] = [await connected(listener.ports.tcp ?? 0), await connected(listener.ports.tcp ?? 0)];
    broken.socket.write('<34>half');
    await vi.waitFor(() => expect(listener.stats().tcp?.open).toBe(2));

    broken.socket.resetAndDestroy();
    await vi.waitFor(() => expect(listener.stats().tcp?.open).toBe(1));
    whole.socket.write('<34>a\n');
    await vi.waitFor(() => expect(listener.stats().received.tcp).toBeGreaterThan(0));
    await listener.stop();

    expect((await rig.readyLines()).map((line) => line.message)).toContain('<34>a');
  });
});
