import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { SpoolLine } from '#core/lake/syslog/spool-line.ts';
import type { Clock } from '#ports/clock.ts';
import { listenSyslog, type SyslogListener, type SyslogSettings } from './listen.ts';

export const LOOPBACK = { host: '127.0.0.1', port: 0 };

export type SyslogRig = {
  readonly spool: string;
  /** Paths handed over, in order. */
  readonly files: readonly string[];
  /** What the listener logged as trouble. */
  readonly warnings: readonly { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  start(settings?: Partial<SyslogSettings>): Promise<SyslogListener>;
  /** Resolves when so many files were handed over. */
  filesHanded(count: number): Promise<readonly string[]>;
  /** Every message of every ready file, in the order of the files' numbers. */
  readyLines(): Promise<SpoolLine[]>;
  dispose(): Promise<void>;
};

/** A spool in a temporary folder for tests, and whoever listens on it. */
export function syslogRig(clock: Clock): SyslogRig {
  const spool = mkdtempSync(join(tmpdir(), 'yagura-syslog-'));
  const files: string[] = [];
  const warnings: { fields: Readonly<Record<string, unknown>>; message: string }[] = [];
  const listeners: SyslogListener[] = [];
  let wake: () => void = () => undefined;
  return {
    spool,
    files,
    warnings,
    start: async (settings = {}) => {
      const listener = await listenSyslog({
        spool,
        clock,
        limits: { tickMs: 5, syncMs: 5, retryMs: 5, lockMs: 0, ...settings.limits },
        onFile: (path) => {
          files.push(path);
          wake();
        },
        log: { info: () => undefined, warn: (fields, message) => warnings.push({ fields, message }) },
        ...withoutLimits(settings),
      });
      listeners.push(listener);
      return listener;
    },
    filesHanded: async (count) => {
      while (files.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return files;
    },
    readyLines: () => readyLines(spool),
    dispose: async () => {
      await Promise.all(listeners.map((listener) => listener.stop()));
      await rm(spool, { recursive: true });
    },
  };
}

function withoutLimits({ limits: _limits, ...rest }: Partial<SyslogSettings>): Partial<SyslogSettings> {
  return rest;
}

async function readyLines(spool: string): Promise<SpoolLine[]> {
  const names = (await readdir(join(spool, 'ready'))).filter((name) => name.endsWith('.syslog.ndjson'));
  const byNumber = names.sort((a, b) => (a.split('-')[1] ?? '').localeCompare(b.split('-')[1] ?? ''));
  return (await Promise.all(byNumber.map((name) => linesOf(join(spool, 'ready', name))))).flat();
}

/** The messages of one spooled file; throws when its last line is not whole. */
export async function linesOf(path: string): Promise<SpoolLine[]> {
  const text = await readFile(path, 'utf8');
  if (!text.endsWith('\n')) throw new Error(`${basename(path)} does not end with a line feed`);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Sends datagrams from one socket and tells its address. */
export async function sendUdp(port: number, datagrams: readonly (string | Buffer)[]): Promise<string> {
  const socket = createSocket('udp4');
  socket.bind(0, LOOPBACK.host);
  await once(socket, 'listening');
  const { address, port: own } = socket.address();
  for (const datagram of datagrams)
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, LOOPBACK.host, (error) => (error === null ? resolve() : reject(error)));
    });
  socket.close();
  return `${address}:${own}`;
}

/** Opens a connection and tells its own address. */
export async function connected(port: number): Promise<{ readonly socket: Socket; readonly address: string }> {
  const socket = connect(port, LOOPBACK.host);
  await once(socket, 'connect');
  return { socket, address: `${socket.localAddress}:${socket.localPort}` };
}

/** Sends these chunks over one connection and closes it when all are out. */
export async function sendTcp(port: number, chunks: readonly (string | Buffer)[]): Promise<string> {
  const { socket, address } = await connected(port);
  for (const chunk of chunks) await new Promise((resolve) => socket.write(chunk, resolve));
  const closed = once(socket, 'close');
  socket.end();
  await closed;
  return address;
}
