import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeClock, TEST_EPOCH } from '../../../test/stand-ins/time.ts';
import { connected, LOOPBACK, type SyslogRig, syslogRig } from './syslog-rig.ts';

type Identity = { readonly key: string; readonly cert: string };

/** One value of DER: its tag, its length, its content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))));

/** A certificate that signs itself (RFC 5280), for 127.0.0.1 and a hundred years. */
function selfSigned(name: string): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
  const years = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from('21200101000000Z')));
  const alternativeName = sequence(
    Buffer.from('0603551d11', 'hex'),
    der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))),
  );
  const authority = sequence(Buffer.from('0603551d13', 'hex'), der(0x04, sequence(Buffer.from('0101ff', 'hex'))));
  const body = sequence(
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    commonName(name),
    years,
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeName, authority)),
  );
  return {
    key: pemKey(privateKey),
    cert: pem(
      'CERTIFICATE',
      sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))),
    ),
  };
}

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function pem(label: string, bytes: Buffer): string {
  return `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`;
}

const server = selfSigned('syslog.example.com');
const client = selfSigned('web1.example.com');
const stranger = selfSigned('stranger.example.com');

let rig: SyslogRig;
beforeEach(() => {
  rig = syslogRig(createFakeClock());
});
afterEach(() => rig.dispose());

async function secured(port: number, identity: Partial<Identity> = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: LOOPBACK.host, ca: server.cert, ...identity });
  await once(socket, 'secureConnect');
  return socket;
}

async function sendTls(port: number, text: string, identity: Partial<Identity> = {}): Promise<void> {
  const socket = await secured(port, identity);
  const closed = once(socket, 'close');
  socket.resume().end(text);
  await closed;
}

describe('TLS', () => {
  it('brings messages by count and by line', async () => {
    const listener = await rig.start({ tls: { ...LOOPBACK, ...server } });

    await sendTls(listener.ports.tls ?? 0, '5 <34>a9 <34>日b\n');
    await sendTls(listener.ports.tls ?? 0, '<34>c\r\n<34>d\n');
    await vi.waitFor(() => expect(listener.stats().received.tls).toBe(4));
    await listener.stop();

    const from = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
    expect(await rig.readyLines()).toEqual(
      ['<34>a', '<34>日b\n', '<34>c', '<34>d'].map((message) => ({
        received: TEST_EPOCH,
        from,
        transport: 'tls',
        message,
      })),
    );
  });

  it('of a client that speaks none, or distrusts the certificate, fails for that client alone', async () => {
    const listener = await rig.start({ tls: { ...LOOPBACK, ...server } });
    const port = listener.ports.tls ?? 0;
    const good = await secured(port);

    const plain = await connected(port);
    plain.socket.on('error', () => undefined).resume();
    plain.socket.write('<34>no TLS at all\n');
    await new Promise((resolve) => plain.socket.once('close', resolve));
    const distrusting = connectTls({ port, host: LOOPBACK.host, ca: stranger.cert });
    await once(distrusting, 'error');
    await vi.waitFor(() => expect(listener.stats().tls?.tlsErrors).toBeGreaterThan(0));
    good.write('<34>a\n');
    await vi.waitFor(() => expect(listener.stats().received.tls).toBe(1));

    expect(listener.stats().tls).toMatchObject({ open: 1 });
    await vi.waitFor(() => expect(rig.warnings.map(({ message }) => message)).toContain('TLS handshakes failed'));
    good.destroy();
  });

  it('lets nobody in without a certificate that the given authority signed', async () => {
    const listener = await rig.start({ tls: { ...LOOPBACK, ...server, ca: client.cert } });
    const port = listener.ports.tls ?? 0;

    for (const identity of [{}, stranger]) {
      const refused = connectTls({ port, host: LOOPBACK.host, ca: server.cert, ...identity });
      refused.on('error', () => undefined).resume();
      refused.write('<34>from nobody\n');
      await new Promise((resolve) => refused.once('close', resolve));
    }
    await sendTls(port, '<34>a\n', client);
    await vi.waitFor(() => expect(listener.stats().received.tls).toBe(1));
    await listener.stop();

    expect((await rig.readyLines()).map((line) => line.message)).toEqual(['<34>a']);
  });

  it('ends a handshake that never comes to its end, and a stop does not wait for one', async () => {
    const listener = await rig.start({ tls: { ...LOOPBACK, ...server }, limits: { handshakeMs: 20, graceMs: 20 } });
    const slow = await connected(listener.ports.tls ?? 0);
    slow.socket.on('error', () => undefined).resume();
    await new Promise((resolve) => slow.socket.once('close', resolve));
    await vi.waitFor(() => expect(listener.stats().tls?.tlsErrors).toBe(1));
    await connected(listener.ports.tls ?? 0);

    await expect(listener.stop()).resolves.toBeUndefined();
  });

  it('with a key that is none is refused at the start, and the key is not told', async () => {
    const refused = rig.start({ tls: { ...LOOPBACK, ...server, key: 'not-a-key' } });

    await expect(refused).rejects.toThrow('Cannot listen for syslog over TLS on 127.0.0.1:0.');
    await expect(refused).rejects.not.toThrow('not-a-key');
  });
});
