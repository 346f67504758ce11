import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { joined, opened, packed, packedInline } from './parcel.ts';

/** The same hard-to-compress text in every run. */
function noise(length: number): string {
  let text = '';
  for (let n = 0; text.length < length; n += 1) text += createHash('sha512').update(String(n)).digest('base64');
  return text.slice(0, length);
}

function roundTrip(value: unknown): unknown {
  const { attributes, parts } = packed(value, 'g1');
  const content = opened(attributes);
  return JSON.parse(typeof content === 'string' ? content : joined(parts));
}

describe('a parcel', () => {
  test('gives any text back, lone surrogates included', () => {
    const anyText = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 800 })
      .map((units) => String.fromCharCode(...units));

    fc.assert(
      fc.property(anyText, (text) => {
        expect(roundTrip({ [text]: text })).toEqual({ [text]: text });
      }),
    );
  });

  test('holds nothing that is not well-formed text', () => {
    expect(packed('\ud83d', '').attributes).toEqual({ t: '"\\ud83d"' });
  });

  test('is compressed as soon as that saves something', () => {
    expect(packed('x'.repeat(100), '').attributes).toHaveProperty('t');
    expect(packed('x'.repeat(1_000), '').attributes).toHaveProperty('z');
  });

  test('of 2 MB that hardly compresses lies in parts that each fit into an item', () => {
    const text = noise(2_000_000);

    const { attributes, parts } = packed(text, 'g1');

    expect(attributes).toEqual({ gen: 'g1', parts: parts.length });
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.every((part) => part.length <= 390_000)).toBe(true);
    expect(roundTrip(text) === text).toBe(true);
  });

  test('that must fit into one item says when it does not', () => {
    const pack = () => packedInline(noise(2_000_000), 'outbox item a');

    expect(pack).toThrow(YaguraError);
    expect(pack).toThrow(/outbox item a.*400 KB/);
  });

  test('without content is not taken for an empty one', () => {
    expect(() => opened({ pk: 'P#a', sk: 'P' })).toThrow(/P#a P has no content/);
  });
});
