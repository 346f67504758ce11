import { once } from 'node:events';
import { readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, type FakeClock, TEST_EPOCH } from '../../../test/stand-ins/time.ts';
import { connected, LOOPBACK, linesOf, type SyslogRig, sendTcp, sendUdp, syslogRig } from './syslog-rig.ts';

let clock: FakeClock;
let rig: SyslogRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = syslogRig(clock);
});
afterEach(() => rig.dispose());

/** Resolves when so many messages were taken. */
async function taken(listener: { stats(): { taken: number } }, count: number): Promise<void> {
  await vi.waitFor(() => expect(listener.stats().taken).toBe(count), { timeout: 10_000, interval: 2 });
}

describe('messages', () => {
  it('over UDP are one a datagram, byte for byte', async () => {
    const listener = await rig.start({ udp: LOOPBACK });

    const from = await sendUdp(listener.ports.udp ?? 0, [
      '<34>a\nb\r\n',
      '',
      Buffer.from([0x3c, 0x31, 0x3e, 0xff, 0x00]),
    ]);
    await taken(listener, 2);
    await listener.stop();

    const head = { received: TEST_EPOCH, from, transport: 'udp' };
    expect(await rig.readyLines()).toEqual([
      { ...head, message: '<34>a\nb\r\n' },
      { ...head, message: '<1>\u00ff\u0000', encoding: 'latin1' },
    ]);
    expect(listener.stats()).toMatchObject({
      received: { udp: 2, tcp: 0, tls: 0 },
      durable: 2,
      empty: 1,
      latin1: 1,
      lost: 0,
    });
  });

  it('over UDP may be as large as a datagram can be', async () => {
    const listener = await rig.start({ udp: LOOPBACK });
    const message = `<34>${'a'.repeat(65_507 - 4)}`;

    await sendUdp(listener.ports.udp ?? 0, [message]);
    await taken(listener, 1);
    await listener.stop();

    expect((await rig.readyLines()).map((line) => line.message)).toEqual([message]);
  });

  it('over TCP are taken by line feed or by count, as each connection begins', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });
    const port = listener.ports.tcp ?? 0;

    const one = await sendTcp(port, ['<34>a\r', '\n<34>b\n\n<34>c']);
    const other = await sendTcp(port, ['8 <34>a\n', '\0b10', ' <34>cdefgh', '9 <34>']);
    await taken(listener, 6);
    await listener.stop();

    const head = { received: TEST_EPOCH, transport: 'tcp' };
    const lines = await rig.readyLines();
    expect(lines.filter((line) => line.from === one).map((line) => line.message)).toEqual(['<34>a', '<34>b', '<34>c']);
    expect(lines.filter((line) => line.from === other)).toEqual([
      { ...head, from: other, message: '<34>a\n\0b' },
      { ...head, from: other, message: '<34>cdefgh' },
      { ...head, from: other, message: '<34>', incomplete: true },
    ]);
    expect(listener.stats()).toMatchObject({ incomplete: 1, tcp: { accepted: 2, open: 0 } });
  });

  it('that are too long are cut and say so, and cost no neighbour', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });

    await sendTcp(listener.ports.tcp ?? 0, [`<34>${'a'.repeat(100_000)}\n`, '<34>b\n']);
    await taken(listener, 2);
    await listener.stop();

    const [long, short] = await rig.readyLines();
    expect(long).toMatchObject({ message: `<34>${'a'.repeat(65_532)}`, cutBytes: 100_004 - 65_536 });
    expect(short).not.toHaveProperty('cutBytes');
    expect(listener.stats()).toMatchObject({ cut: 1, durable: 2 });
  });

  it('that were sent before the stop are kept, the last one without its end too', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });
    const { socket } = await connected(listener.ports.tcp ?? 0);
    await new Promise((resolve) => socket.write('<34>a\n<34>never ended', resolve));
    await taken(listener, 1);

    await listener.stop();

    expect((await rig.readyLines()).map((line) => line.message)).toEqual(['<34>a', '<34>never ended']);
  });

  it('are on disk when a flush says so', async () => {
    const listener = await rig.start({ tcp: LOOPBACK, limits: { syncMs: 3_600_000 } });
    await sendTcp(listener.ports.tcp ?? 0, ['<34>a\n<34>b\n']);
    await taken(listener, 2);

    const stats = await listener.flush();

    expect(stats).toMatchObject({ durable: 2, waiting: 0, waitingBytes: 0 });
    const [open = ''] = await readdir(join(rig.spool, 'open'));
    expect((await linesOf(join(rig.spool, 'open', open))).map((line) => line.message)).toEqual(['<34>a', '<34>b']);
  });

  it('are on disk soon without being asked', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });

    await sendTcp(listener.ports.tcp ?? 0, ['<34>a\n']);

    await vi.waitFor(() => expect(listener.stats()).toMatchObject({ durable: 1, filesReady: 0 }));
  });
});

describe('files', () => {
  it('are ready at their age, named after their first message', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });
    await sendTcp(listener.ports.tcp ?? 0, ['<34>a\n']);
    await taken(listener, 1);
    await listener.flush();

    clock.advance(60_000);
    const [path = ''] = await rig.filesHanded(1);

    expect(path).toBe(join(rig.spool, 'ready', '20260105T000000000Z-00000001.syslog.ndjson'));
    expect((await linesOf(path)).map((line) => line.message)).toEqual(['<34>a']);
    expect(await readdir(join(rig.spool, 'open'))).toEqual([]);
    // Logs hold secrets.
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('are ready at their size, hold every message once, and are handed over in order', async () => {
    const listener = await rig.start({ tcp: LOOPBACK, limits: { rotateBytes: 4_000 } });
    const messages = Array.from({ length: 500 }, (_, number) => `<34>message ${number}`);

    await sendTcp(listener.ports.tcp ?? 0, [`${messages.join('\n')}\n`]);
    await taken(listener, 500);
    await listener.stop();

    expect((await rig.readyLines()).map((line) => line.message)).toEqual(messages);
    expect(rig.files.length).toBeGreaterThan(5);
    expect(rig.files.map((path) => path.slice(-22, -14))).toEqual(
      rig.files.map((_, at) => String(at + 1).padStart(8, '0')),
    );
    const sizes = await Promise.all(rig.files.map(async (path) => (await stat(path)).size));
    expect(Math.max(...sizes)).toBeLessThan(4_200);
  });

  it('are not made while nothing comes', async () => {
    const listener = await rig.start({ tcp: LOOPBACK });
    clock.advance(3_600_000);

    await listener.stop();

    expect(rig.files).toEqual([]);
    expect(await readdir(join(rig.spool, 'open'))).toEqual([]);
  });

  it('of an earlier run are handed over at the start, and their numbers never used again', async () => {
    const first = await rig.start({ tcp: LOOPBACK });
    await sendTcp(first.ports.tcp ?? 0, ['<34>a\n']);
    await taken(first, 1);
    await first.stop();
    const [path = ''] = rig.files;
    const second = await rig.start({ tcp: LOOPBACK });
    await rig.filesHanded(2);
    await unlink(path);

    await sendTcp(second.ports.tcp ?? 0, ['<34>b\n']);
    await taken(second, 1);
    await second.stop();

    expect(rig.files.map((one) => basename(one).slice(20, 28))).toEqual(['00000001', '00000001', '00000002']);
  });

  it('that the reader refuses are offered again', async () => {
    const tries: string[] = [];
    const listener = await rig.start({
      tcp: LOOPBACK,
      onFile: async (path) => {
        tries.push(basename(path));
        if (tries.length === 1) throw new Error('not now');
      },
    });
    await sendTcp(listener.ports.tcp ?? 0, ['<34>a\n']);
    await taken(listener, 1);
    await listener.flush();
    clock.advance(60_000);
    await vi.waitFor(() => expect(listener.stats().handOverRefusals).toBe(1));

    clock.advance(30_000);
    await vi.waitFor(() => expect(listener.stats().handedOver).toBe(1));

    expect(tries).toEqual(Array(2).fill('20260105T000000000Z-00000001.syslog.ndjson'));
    expect(rig.warnings.map(({ message }) => message)).toEqual([
      'a spooled file was not taken over, offering it again later',
    ]);
  });

  it('left open are cut after their last complete line, and the torn tail is kept and counted', async () => {
    const first = await rig.start({ tcp: LOOPBACK });
    await first.stop();
    const whole = `{"received":${TEST_EPOCH},"from":"192.0.2.7:1","transport":"udp","message":"<34>a"}\n`;
    await writeFile(join(rig.spool, 'open', '00000007.ndjson'), `${whole}${'{"received":17'}`);
    await writeFile(join(rig.spool, 'open', '00000008.ndjson'), `torn${'x'.repeat(200_000)}`);
    await writeFile(join(rig.spool, 'open', '00000009.ndjson'), '');

    const listener = await rig.start({ tcp: LOOPBACK });
    const [path = ''] = await rig.filesHanded(1);

    expect(basename(path)).toBe('20260105T000000000Z-00000007.syslog.ndjson');
    expect(await readFile(path, 'utf8')).toBe(whole);
    expect(await readFile(`${path}.torn`, 'utf8')).toBe('{"received":17');
    expect(rig.files.length).toBe(1);
    expect(await readdir(join(rig.spool, 'open'))).toEqual([]);
    expect((await readdir(join(rig.spool, 'ready'))).length).toBe(3);
    expect(listener.stats()).toMatchObject({ recovered: 3, tornTails: 2, tornBytes: 14 + 200_004 });
  });
});

describe('a start', () => {
  it('on a port that is taken says so, and leaves the spool free', async () => {
    const other = createServer().listen(0, LOOPBACK.host);
    await once(other, 'listening');
    // A TCP server's address is never a pipe name.
    const { port } = other.address() as AddressInfo;

    const refused = rig.start({ udp: LOOPBACK, tcp: { ...LOOPBACK, port } });

    await expect(refused).rejects.toThrow(`Cannot listen for syslog over TCP on 127.0.0.1:${port}. The port is taken`);
    await expect(rig.start({ udp: LOOPBACK, tcp: LOOPBACK })).resolves.toMatchObject({
      ports: { udp: expect.any(Number) },
    });
    other.close();
  });

  it('on a spool that another listener uses is refused', async () => {
    await rig.start({ tcp: LOOPBACK });

    await expect(rig.start({ tcp: LOOPBACK })).rejects.toThrow('no other listener uses it');
  });

  it('on a folder that cannot be one says so', async () => {
    const spool = join(rig.spool, 'a-file');
    await writeFile(spool, '');

    await expect(rig.start({ tcp: LOOPBACK, spool })).rejects.toThrow(`Cannot take the folder ${spool} as the spool`);
  });

  it('asks for a large UDP buffer and tells what it got', async () => {
    const listener = await rig.start({ udp: LOOPBACK, limits: { udpReceiveBytes: 262_144 } });

    expect(listener.stats().udpReceiveBufferBytes).toBeGreaterThanOrEqual(200_000);
  });
});
