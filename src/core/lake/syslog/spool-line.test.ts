import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReceivedMessage, toSpoolLine } from './spool-line.ts';

const received: Omit<ReceivedMessage, 'bytes'> = {
  received: 1,
  from: '192.0.2.7:514',
  transport: 'udp',
  cutBytes: 0,
  isIncomplete: false,
};

describe('a line of the spool', () => {
  it('holds text as text, with NULs, line ends and the byte order mark', () => {
    const line = toSpoolLine({ ...received, bytes: Buffer.from('\uFEFF<34>日本\0\u2028\r\n') });

    expect(JSON.stringify(line)).toBe(
      '{"received":1,"from":"192.0.2.7:514","transport":"udp","message":"\uFEFF<34>日本\\u0000\u2028\\r\\n"}',
    );
  });

  it('says what is missing', () => {
    const line = toSpoolLine({ ...received, bytes: Buffer.from('<34>a'), cutBytes: 7, isIncomplete: true });

    expect(line).toMatchObject({ cutBytes: 7, incomplete: true });
  });

  it('gives every byte back, whatever they are, and is one line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          const text = JSON.stringify(toSpoolLine({ ...received, bytes }));

          const { message, encoding } = JSON.parse(text);
          expect(Buffer.from(message, encoding ?? 'utf8').equals(bytes)).toBe(true);
          expect(text).not.toContain('\n');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
