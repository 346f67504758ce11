import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** One WebSocket connection, server side: unfragmented text, ping and close, which is all Socket Mode uses. */
export type Peer = {
  send(text: string): void;
  /** Says goodbye properly. */
  close(): void;
  /** Vanishes, as a broken network does. */
  destroy(): void;
  readonly open: boolean;
};

export type PeerEvents = { readonly onText: (text: string) => void; readonly onClose: () => void };

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Completes the handshake of RFC 6455 and speaks on `socket`. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex, events: PeerEvents): Peer {
  const key = String(request.headers['sec-websocket-key'] ?? '');
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let open = true;
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const frame = readFrame(pending);
      if (frame === undefined) return;
      pending = pending.subarray(frame.size);
      if (frame.opcode === TEXT) events.onText(frame.payload.toString('utf8'));
      if (frame.opcode === PING) socket.write(writeFrame(PONG, frame.payload));
      if (frame.opcode === CLOSE) {
        if (open) socket.write(writeFrame(CLOSE, frame.payload));
        open = false;
        socket.end();
      }
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    open = false;
    events.onClose();
  });
  return {
    send: (text) => void socket.write(writeFrame(TEXT, Buffer.from(text))),
    close() {
      const status = Buffer.alloc(2);
      status.writeUInt16BE(1000);
      socket.write(writeFrame(CLOSE, status));
      open = false;
    },
    destroy: () => void socket.destroy(),
    get open() {
      return open;
    },
  };
}

function writeFrame(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.alloc(2) : payload.length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  if (payload.length < 126) head[1] = payload.length;
  else if (payload.length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(payload.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}

type Frame = { readonly opcode: number; readonly payload: Buffer; readonly size: number };

function readFrame(bytes: Buffer): Frame | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  let length = second & 0x7f;
  let at = 2;
  if (length === 126) {
    if (bytes.length < 4) return undefined;
    length = bytes.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return undefined;
    length = Number(bytes.readBigUInt64BE(2));
    at = 10;
  }
  const masked = (second & 0x80) !== 0;
  const mask = masked ? bytes.subarray(at, at + 4) : Buffer.alloc(4);
  if (masked) at += 4;
  if (bytes.length < at + length) return undefined;
  const payload = Buffer.from(bytes.subarray(at, at + length));
  for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % 4] ?? 0);
  return { opcode: first & 0x0f, payload, size: at + length };
}
