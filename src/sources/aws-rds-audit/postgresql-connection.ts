import type { RawRow } from '#core/lake/source/log-source.ts';
import type { PostgresqlLine } from './postgresql-line.ts';

const received = /^connection received: host=(\S{1,255})(?: port=(\d{1,5}))?$/;
const authenticated = /^connection authenticated: (?:identity|user)="([\s\S]{0,500})" method=([\w-]{1,40})/;
const authorized = /^(?:replication )?connection authorized: user=/;
const encrypted = / SSL enabled \(protocol=([\w.]{1,20}), cipher=([\w-]{1,80})(?:, bits=(\d{1,5}))?/g;
const disconnected = /^disconnection: session time: (\d{1,10}):(\d\d):(\d\d(?:\.\d{1,6})?) user=/;
const refused = new RegExp(
  [
    '^[\\w" -]{1,60} authentication failed for (?:user|role) ',
    '^The IAM authentication failed for the role ',
    '^no pg_hba\\.conf entry for ',
    '^pg_hba\\.conf rejects (?:replication )?connection for ',
    '^role "[\\s\\S]{0,200}" (?:does not exist|is not permitted to log in)$',
    '^database "[\\s\\S]{0,200}" (?:does not exist|is not currently accepting connections)$',
    '^permission denied for database ',
    '^(?:too many connections for |remaining connection slots are reserved |sorry, too many clients already)',
    '^expected (?:password|SASL) response, got message type ',
    '^(?:unsupported frontend protocol |no PostgreSQL user name specified in startup packet)',
  ].join('|'),
);

/** What a message says of a connection: received, authenticated, authorized, refused or ended. */
export function connectionRow({ message, severity, client_host, client_port }: PostgresqlLine): RawRow | undefined {
  if (severity === 'FATAL')
    return refused.test(message) ? { kind: 'connect', operation: 'refused', outcome: 'failure' } : undefined;
  if (severity !== 'LOG') return undefined;
  const peer = received.exec(message);
  // The prefix of this message names the same peer, but only with the default prefix.
  if (peer !== null)
    return {
      kind: 'step',
      operation: 'connection received',
      client_host: client_host ?? peer[1],
      client_port: client_port ?? peer[2] ?? null,
    };
  const identity = authenticated.exec(message);
  if (identity !== null)
    return {
      kind: 'step',
      operation: 'connection authenticated',
      identity: identity[1],
      method: identity[2],
      outcome: 'success',
    };
  if (authorized.test(message)) {
    const tls = [...message.matchAll(encrypted)].at(-1);
    const channel = tls === undefined ? {} : { tls_protocol: tls[1], tls_cipher: tls[2] };
    return { kind: 'connect', operation: 'connection authorized', outcome: 'success', ...channel };
  }
  const lasted = disconnected.exec(message);
  if (lasted === null) return undefined;
  const [, hours, minutes, seconds] = lasted;
  const ms = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
  return { kind: 'disconnect', operation: 'disconnection', outcome: 'success', duration_ms: String(ms) };
}
