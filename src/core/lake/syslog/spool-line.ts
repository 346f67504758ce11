import { isUtf8 } from 'node:buffer';

/**
 * The format of `*.syslog.ndjson`, which the syslog listener writes and the lake reads: UTF-8, one JSON object a line, each line ended
 * by a line feed, one line a received message, in the order of arrival. A file in the spool's `ready` folder is complete and never
 * changes. Its name is `<YYYYMMDDTHHMMSSmmmZ of its first message>-<number>.syslog.ndjson`; no two files of a spool have the same number.
 * Whoever reads must pass over fields that are not listed here; a field that is optional stands only where it says something.
 * @example {"received":1767323045678,"from":"192.0.2.7:51514","transport":"udp","message":"<38>Jan  2 03:04:05 web1 sshd[812]: Invalid user x"}
 */
export type SpoolLine = {
  /** When it arrived, epoch ms by the listener's clock. */
  readonly received: number;
  /** Who sent it, `ip:port`, an IPv6 address in brackets; for UDP anybody can write this address. */
  readonly from: string;
  readonly transport: SyslogTransport;
  /**
   * The message with its priority, without framing: a datagram's bytes as they came, line ends and NULs at its end included, or a TCP
   * message without its count or line end. NULs are `\u0000`, a byte order mark is kept.
   */
  readonly message: string;
  /** There when the bytes are no UTF-8: each character of `message` is then one byte. */
  readonly encoding?: 'latin1';
  /** How many bytes at the message's end were left out, because it was longer than 64 KiB. */
  readonly cutBytes?: number;
  /** The connection ended within the message. */
  readonly incomplete?: true;
};

export type SyslogTransport = 'udp' | 'tcp' | 'tls';

/** What a listener knows of one message. */
export type ReceivedMessage = {
  readonly received: number;
  readonly from: string;
  readonly transport: SyslogTransport;
  readonly bytes: Uint8Array;
  readonly cutBytes: number;
  readonly isIncomplete: boolean;
};

/** One message as the spool holds it; see `SpoolLine` for how it is written down. */
export function toSpoolLine(from: ReceivedMessage): SpoolLine {
  const bytes = Buffer.from(from.bytes.buffer, from.bytes.byteOffset, from.bytes.byteLength);
  const isText = isUtf8(bytes);
  return {
    received: from.received,
    from: from.from,
    transport: from.transport,
    message: bytes.toString(isText ? 'utf8' : 'latin1'),
    ...(isText ? {} : { encoding: 'latin1' }),
    ...(from.cutBytes === 0 ? {} : { cutBytes: from.cutBytes }),
    ...(from.isIncomplete ? { incomplete: true } : {}),
  };
}
