import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProblemKey } from '#core/finding/observation.ts';
import * as keys from './keys.ts';
import { digest, keyPart, padded, shardOf } from './keys.ts';

/** Any UTF-16, lone surrogates included, and now and then what our own encoding uses. */
const anyText = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom('%', '!', '#', '0', '0023', 'D83D', '\ud83d', '\ude00', 'a', ' ', ''), { maxLength: 8 })
    .map((parts) => parts.join('')),
  fc.string({ minLength: 290, maxLength: 320, unit: 'grapheme-ascii' }),
);
/** Two texts that differ, often only a little. */
const twoTexts = fc
  .oneof(
    fc.tuple(anyText, anyText),
    fc
      .tuple(anyText, fc.constantFrom('#', '%', '!', '\ud800', '\udfff', '\ufffd', '\u0000', ' '))
      .map(([text, more]): [string, string] => [text, text + more]),
  )
  .filter(([a, b]) => a !== b);

const asProblem = (text: string): ProblemKey =>
  // Whatever a test calls a problem.
  text as ProblemKey;
const itemKeys: Readonly<Record<string, (text: string) => keys.ItemKey>> = {
  problem: (text) => keys.problemItemKey(asProblem(text)),
  raw: (text) => keys.rawItemKey(asProblem(text)),
  history: (text) => keys.historyItemKey(asProblem(text), 1),
  thread: (text) => keys.threadItemKey(asProblem(text), text),
  mention: (text) => keys.mentionItemKey(asProblem(text), text),
  outbox: keys.outboxItemKey,
  lane: keys.laneItemKey,
  message: keys.messageItemKey,
  exception: keys.exceptionItemKey,
  unknown: keys.unknownItemKey,
  setting: keys.settingItemKey,
};

describe('a part of a key', () => {
  test('is short ASCII without our separator, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(keyPart(text)).toMatch(/^[!-"$-~]{0,300}$/);
      }),
    );
  });

  test('differs for different texts', () => {
    fc.assert(
      fc.property(twoTexts, ([a, b]) => {
        expect(keyPart(a)).not.toBe(keyPart(b));
      }),
      { numRuns: 2_000 },
    );
  });

  test('can be read back where it is not a hash', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const part = keyPart(text);
        fc.pre(!part.startsWith('!'));
        const back = part.replace(/%([0-9A-F]{4})/g, (_, unit: string) =>
          String.fromCharCode(Number.parseInt(unit, 16)),
        );
        expect(back).toBe(text);
      }),
    );
  });

  test('leaves ordinary keys readable', () => {
    expect(keyPart('control:S3.8|111122223333|ap-northeast-1|arn:aws:s3:::logs')).toBe(
      'control:S3.8|111122223333|ap-northeast-1|arn:aws:s3:::logs',
    );
    expect(keyPart('slack:#payments')).toBe('slack:%0023payments');
  });
});

describe('primary keys', () => {
  test.each(Object.entries(itemKeys))('of two different texts never meet: %s', (_kind, itemKey) => {
    fc.assert(
      fc.property(twoTexts, ([a, b]) => {
        expect(itemKey(a)).not.toEqual(itemKey(b));
      }),
    );
  });

  test('of different kinds never meet', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        const all = Object.values(itemKeys).flatMap((itemKey) => [itemKey(a), itemKey(b)]);
        const distinct = new Set(all.map(({ pk, sk }) => `${pk}\n${sk}`));
        expect(distinct.size).toBe(a === b ? all.length / 2 : all.length);
      }),
    );
  });

  test('fit into what DynamoDB takes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const itemKey of Object.values(itemKeys)) {
          const { pk, sk } = itemKey(text.repeat(20));
          expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2_048);
          expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1_024 - 100);
        }
      }),
    );
  });

  test('of a thread differ by problem and by destination', () => {
    fc.assert(
      fc.property(twoTexts, anyText, ([a, b], other) => {
        expect(keys.threadItemKey(asProblem(a), other)).not.toEqual(keys.threadItemKey(asProblem(b), other));
        expect(keys.threadItemKey(asProblem(other), a)).not.toEqual(keys.threadItemKey(asProblem(other), b));
        expect(keys.threadItemKey(asProblem(a), b)).not.toEqual(keys.threadItemKey(asProblem(b), a));
      }),
    );
  });
});

describe('small things that go into keys', () => {
  test('numbers sort as text', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        expect(Math.sign(a - b)).toBe(padded(a) < padded(b) ? -1 : Number(padded(a) > padded(b)));
      }),
    );
  });

  test.each([
    [-5, '0000000000000000'],
    [Number.NaN, '0000000000000000'],
    [Number.POSITIVE_INFINITY, '9007199254740991'],
    [1.9, '0000000000000001'],
  ])('a number that is none of ours still gives a key: %s', (value, expected) => {
    expect(padded(value)).toBe(expected);
  });

  test('digests tell lone surrogates apart', () => {
    expect(new Set(['\ud800', '\ud801', '\ufffd', '?'].map(digest)).size).toBe(4);
  });

  test('keys spread over all shards', () => {
    const used = new Set(Array.from({ length: 500 }, (_, n) => shardOf(`problem ${n}`)));

    expect([...used].sort()).toEqual([...keys.SHARDS]);
  });
});
