import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { messageOf } from '#core/errors/yagura-error.ts';
import { frameSyslog, type SyslogFrame, type SyslogFramer } from '#core/lake/syslog/frame-syslog.ts';
import { type Address, notListening } from './listen-failure.ts';
import type { InputSettings } from './listen-udp.ts';
import { senderOf } from './syslog-intake.ts';

/** PEM. With `ca` only clients whose certificate it signed are let in. */
export type TlsAddress = Address & {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  readonly ca?: string | Buffer;
};

export type ConnectionCounts = {
  open: number;
  accepted: number;
  /** Beyond the limit. */
  refused: number;
  /** Closed because nothing came for long. */
  idle: number;
  /** Failed handshakes. */
  tlsErrors: number;
  /** Connections that broke. */
  errors: number;
};

export type StreamInput = {
  readonly port: number;
  readonly counts: ConnectionCounts;
  /** Stops or goes on reading, so that senders wait. */
  setPaused(isPaused: boolean): void;
  tick(): void;
  /** Takes no more connections, and lets those that are open end for a moment. */
  stop(): Promise<void>;
};

type Connection = {
  readonly socket: Socket;
  readonly framer: SyslogFramer;
  readonly from: string;
  lastAt: number;
};

/** Listens for TCP connections that send syslog (RFC 6587). */
export function listenTcp(address: Address, settings: InputSettings): Promise<StreamInput> {
  // Senders only send; keep-alive finds those that are gone.
  const server = createServer({ keepAlive: true });
  return listenStream({ server, transport: 'tcp', connectionEvent: 'connection', address, settings });
}

/** Listens for TLS connections that send syslog (RFC 5425); a client that fails its handshake costs only itself. */
export async function listenTls(address: TlsAddress, settings: InputSettings): Promise<StreamInput> {
  const options: TlsOptions = {
    key: address.key,
    cert: address.cert,
    minVersion: 'TLSv1.2',
    handshakeTimeout: settings.limits.handshakeMs,
    ...(address.ca === undefined ? {} : { ca: address.ca, requestCert: true, rejectUnauthorized: true }),
  };
  const server = tlsServer(address, options);
  return listenStream({ server, transport: 'tls', connectionEvent: 'secureConnection', address, settings });
}

function tlsServer(address: Address, options: TlsOptions): Server {
  try {
    return createTlsServer(options);
  } catch (cause) {
    throw notListening('TLS', address, cause);
  }
}

type Stream = {
  readonly server: Server;
  readonly transport: 'tcp' | 'tls';
  readonly connectionEvent: 'connection' | 'secureConnection';
  readonly address: Address;
  readonly settings: InputSettings;
};

async function listenStream(stream: Stream): Promise<StreamInput> {
  const { server, address, settings } = stream;
  const connections = new Set<Connection>();
  const counts: ConnectionCounts = { open: 0, accepted: 0, refused: 0, idle: 0, tlsErrors: 0, errors: 0 };
  /** Those in a handshake too. */
  const sockets = new Set<Socket>();
  server.maxConnections = settings.limits.connections;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  server.on(stream.connectionEvent, (socket: Socket) => accept(socket, stream, connections, counts));
  watchServer(stream, counts);
  try {
    const listening = once(server, 'listening');
    server.listen(address.port, address.host);
    await listening;
  } catch (cause) {
    throw notListening(stream.transport.toUpperCase(), address, cause);
  }
  // A TCP server's address is never a pipe name.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    counts,
    setPaused: (isPaused) => {
      for (const connection of connections) setPaused(connection, isPaused, settings);
    },
    tick: () => closeIdle(connections, counts, settings),
    stop: () => stopped(server, connections, sockets, settings.limits.graceMs),
  };
}

function watchServer({ server, transport, settings }: Stream, counts: ConnectionCounts): void {
  const { troubles, limits } = settings;
  server.on('drop', () => {
    counts.refused += 1;
    troubles.note('refused connections beyond the limit', { transport, limit: limits.connections });
  });
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    counts.tlsErrors += 1;
    const from = senderOf(socket.remoteAddress, socket.remotePort);
    troubles.note('TLS handshakes failed', { from, error: messageOf(error) });
    // Node leaves a handshake that took too long open, where it would count against the limit for ever.
    socket.destroy();
  });
  server.on('error', (error) => troubles.note('cannot accept connections', { transport, error: messageOf(error) }));
}

function accept(socket: Socket, stream: Stream, connections: Set<Connection>, counts: ConnectionCounts): void {
  const { settings, transport } = stream;
  const { intake, clock, limits, troubles } = settings;
  const from = senderOf(socket.remoteAddress, socket.remotePort);
  const connection: Connection = { socket, from, framer: frameSyslog(limits.messageBytes), lastAt: clock.now() };
  const keep = (frames: readonly SyslogFrame[]): void => {
    const received = clock.now();
    connection.lastAt = received;
    for (const frame of frames) intake.keep({ received, from, transport, ...frame });
  };
  connections.add(connection);
  counts.accepted += 1;
  counts.open += 1;
  socket.on('data', (chunk) => keep(connection.framer.push(chunk)));
  socket.on('error', (error) => {
    counts.errors += 1;
    troubles.note('connections broke', { transport, from, error: messageOf(error) });
  });
  socket.on('close', () => {
    keep(connection.framer.end());
    intake.counts.misframed += connection.framer.misframed;
    connections.delete(connection);
    counts.open -= 1;
  });
  if (intake.isBehind()) socket.pause();
}

function setPaused(connection: Connection, isPaused: boolean, { clock }: InputSettings): void {
  connection.lastAt = clock.now();
  if (isPaused) connection.socket.pause();
  else connection.socket.resume();
}

function closeIdle(
  connections: Set<Connection>,
  counts: ConnectionCounts,
  { intake, clock, limits }: InputSettings,
): void {
  // Whoever has to wait for the disk is not idle.
  if (intake.isBehind()) return;
  const now = clock.now();
  for (const connection of connections) {
    if (now - connection.lastAt < limits.idleMs) continue;
    counts.idle += 1;
    connection.socket.destroy();
  }
}

async function stopped(
  server: Server,
  connections: ReadonlySet<Connection>,
  sockets: ReadonlySet<Socket>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // What a sender has sent before it learns of the end is still read.
  for (const { socket } of connections) socket.end();
  const impatience = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(impatience);
  // The server may count a connection as gone before its last message was taken.
  for (const { socket } of connections) await new Promise((resolve) => socket.once('close', resolve));
}
