import { type ReceivedMessage, toSpoolLine } from '#core/lake/syslog/spool-line.ts';
import type { SpoolWriter } from './spool-writer.ts';

export type IntakeCounts = {
  /** Messages taken, by transport. */
  readonly received: { udp: number; tcp: number; tls: number };
  /** Datagrams that came while the disk was behind, and were dropped. */
  udpDropped: number;
  /** Datagrams without a byte; they say nothing and are not kept. */
  empty: number;
  /** Messages that were cut at the size limit. */
  cut: number;
  /** Messages within which the connection ended. */
  incomplete: number;
  /** Messages that are no UTF-8. */
  latin1: number;
  /** Times that a counted stream had no count where one had to be. */
  misframed: number;
};

/** Where all transports bring their messages. */
export type SyslogIntake = {
  readonly counts: IntakeCounts;
  /** True while senders have to wait. */
  isBehind(): boolean;
  keep(message: ReceivedMessage): void;
};

/** An intake that writes into the spool and counts. */
export function createIntake(writer: SpoolWriter): SyslogIntake {
  const counts: IntakeCounts = {
    received: { udp: 0, tcp: 0, tls: 0 },
    udpDropped: 0,
    empty: 0,
    cut: 0,
    incomplete: 0,
    latin1: 0,
    misframed: 0,
  };
  return {
    counts,
    isBehind: () => writer.counts.isBehind,
    keep: (message) => {
      const line = toSpoolLine(message);
      counts.received[message.transport] += 1;
      if (line.cutBytes !== undefined) counts.cut += 1;
      if (line.incomplete !== undefined) counts.incomplete += 1;
      if (line.encoding !== undefined) counts.latin1 += 1;
      writer.append(JSON.stringify(line), message.received);
    },
  };
}

/** A sender as the spool names it: an IPv4 address that came over an IPv6 socket is written as such, an IPv6 address in brackets. */
export function senderOf(address: string | undefined, port: number | undefined): string {
  if (address === undefined || port === undefined) return 'unknown';
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
