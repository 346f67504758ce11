import { describe, expect, it } from 'vitest';
import { readLine } from './read-line.ts';

const context = { key: 'secure', receivedAt: Date.UTC(2026, 10, 24) };

describe('readLine', () => {
  it('keeps a message whole that OCSF would cut', () => {
    const message = `session ${'x'.repeat(70_000)}`;

    const row = readLine(`Nov 24 02:00:00 web1 sshd[1]: ${message}`, context);

    expect(row).toMatchObject({ message: message.slice(0, 65_535), rest: { message, hostname: 'web1', pid: '1' } });
  });

  it('gives every row the same columns, whatever the line says', () => {
    const lines = [
      'Nov 24 02:00:00 web1 sshd[1]: Accepted password for alice from 203.0.113.20 port 40022 ssh2',
      'Nov 24 02:00:00 kernel: x',
      '<34>1 2026-11-24T01:02:03Z - - - - - hello',
      '{"received":1795316650123,"message":"hello"}',
      '{"__REALTIME_TIMESTAMP":"1795316650123456"}',
    ];

    const columns = lines.map((line) => Object.keys(readLine(line, context) ?? {}).join());

    expect(new Set(columns).size).toBe(1);
    expect(columns[0]).toContain('remote_ip');
  });

  it('gives a spooled message without a time that of the listener', () => {
    const row = readLine('{"received":1795316650123,"from":"192.0.2.7:5000","message":"hello"}', context);

    expect(row).toMatchObject({ time: 1_795_316_650_123, time_text: null, host_ip: '192.0.2.7', message: 'hello' });
  });

  it('takes December seen in January for last year’s', () => {
    const line = 'Dec 31 23:59:59 web1 sshd[1]: Server listening on 192.0.2.1 port 22.';

    const row = readLine(line, { key: 'secure', receivedAt: Date.UTC(2027, 0, 2) });

    expect(row).toMatchObject({ time: Date.UTC(2026, 11, 31, 23, 59, 59) });
  });

  it.each([
    ['journalctl -o json-seq', '\u001e{"__REALTIME_TIMESTAMP":"1795316650123456","MESSAGE":"x"}'],
    ['journalctl -o json-sse', 'data: {"__REALTIME_TIMESTAMP":"1795316650123456","MESSAGE":"x"}'],
  ])('reads %s', (_name, line) => {
    expect(readLine(line, context)).toMatchObject({ time: 1_795_316_650_123, message: 'x' });
  });
});
