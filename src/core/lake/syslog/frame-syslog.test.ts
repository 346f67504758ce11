import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cases from './frame-syslog.cases.json' with { type: 'json' };
import { frameSyslog, type SyslogFramer } from './frame-syslog.ts';

type Frame = { readonly text: string; readonly cutBytes?: number; readonly isIncomplete?: boolean };
type Case = {
  readonly name: string;
  readonly given: readonly string[];
  readonly limit?: number;
  readonly misframed?: number;
  readonly expected: readonly (string | Frame)[];
};

/** What a framer makes of these chunks; each is overwritten after it was taken, as a pooled buffer would be. */
function framesOf(framer: SyslogFramer, chunks: readonly Uint8Array[]): Frame[] {
  const frames = chunks.flatMap((chunk) => {
    const lent = Buffer.from(chunk);
    const found = framer.push(lent);
    lent.fill(0x58);
    return found;
  });
  return [...frames, ...framer.end()].map(({ bytes, ...frame }) => ({ text: Buffer.from(bytes).toString(), ...frame }));
}

describe('a stream', () => {
  // JSON cannot say that a limit may be missing.
  it.each(cases as readonly Case[])('$name', ({ given, limit, misframed = 0, expected }) => {
    const framer = frameSyslog(limit);

    const frames = framesOf(
      framer,
      given.map((text) => Buffer.from(text)),
    );

    const whole = { cutBytes: 0, isIncomplete: false };
    expect(frames).toEqual(expected.map((one) => ({ ...whole, ...(typeof one === 'string' ? { text: one } : one) })));
    expect(framer.misframed).toBe(misframed);
  });

  it('gives the same messages however it is cut into chunks', () => {
    const piece = fc.constantFrom(
      '<34>a',
      '5 <34>b',
      '12 <34>abcdefgh',
      '\n',
      '\r\n',
      '\0',
      '7',
      ' ',
      '<',
      'あ',
      '99',
      '0',
    );
    const stream = fc.array(piece, { maxLength: 20 }).map((all) => Buffer.from(all.join('')));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(60)), (bytes, cuts) => {
        const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];

        const frames = framesOf(
          frameSyslog(8),
          edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge)),
        );

        expect(frames).toEqual(framesOf(frameSyslog(8), [bytes]));
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives every byte of counted messages back', () => {
    const messages = fc.array(
      fc.uint8Array({ maxLength: 300 }).map((body) => Buffer.concat([Buffer.from('<34>'), body])),
    );
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 64 }), (all, size) => {
        const bytes = Buffer.concat(all.flatMap((body) => [Buffer.from(`${body.length} `), body]));
        const framer = frameSyslog();

        const frames = [];
        for (let at = 0; at < bytes.length; at += size) frames.push(...framer.push(bytes.subarray(at, at + size)));

        expect(frames.map((frame) => Buffer.from(frame.bytes).toString('hex'))).toEqual(
          all.map((body) => body.toString('hex')),
        );
        expect(framer.end()).toEqual([]);
      }),
    );
  });

  it('counts each byte of a long message as kept or cut, without holding it', () => {
    const framer = frameSyslog();
    const chunk = Buffer.alloc(64 * 1024, 'a');

    const during = Array.from({ length: 1_600 }, () => framer.push(chunk)).flat();
    const [frame] = framer.push(Buffer.from('\n'));

    expect(during).toEqual([]);
    expect(frame).toMatchObject({ cutBytes: 1_599 * 64 * 1024 });
    expect(frame?.bytes.length).toBe(64 * 1024);
  });

  it('of single bytes costs no more than its length', () => {
    const framer = frameSyslog(1_000_000);
    const one = Buffer.from('a');

    for (let at = 0; at < 1_000_000; at += 1) framer.push(one);

    // Anything quadratic takes minutes here and fails by the time limit.
    expect(framer.end()[0]?.bytes.length).toBe(1_000_000);
  });
});
