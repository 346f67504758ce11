import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyJson, withoutLoneSurrogates } from './json-verify.ts';

const reasonOf = (json: string | Buffer): string => {
  const verified = verifyJson(Buffer.from(json));
  return verified.ok ? (verified.loneSurrogates ? 'lone surrogates' : 'ok') : verified.reason;
};

describe('verifying JSON', () => {
  it.each<readonly [string, string | Buffer, string]>([
    ['an object', ' {"a":[1,{"b":null}]}\n', 'ok'],
    ['a number', '12', 'ok'],
    ['the end inside a value', '{"a":', 'json.truncated'],
    ['nothing', '', 'json.truncated'],
    ['a bad literal', '{"a":nil}', 'json.malformed'],
    ['something behind the value', '{} {}', 'json.malformed'],
    ['bytes that are no UTF-8', Buffer.from('{"a":"caf\xe9"}', 'latin1'), 'json.invalid-utf8'],
    ['a string that ends in a backslash', '{"a":"b\\', 'json.truncated'],
    ['an overlong character', Buffer.from('7b2261223a22c08022 7d'.replace(' ', ''), 'hex'), 'json.invalid-utf8'],
    ['a surrogate as UTF-8', Buffer.from('7b2261223a22eda080227d', 'hex'), 'json.invalid-utf8'],
    ['a key twice', '{"a":1,"a":2}', 'json.duplicate-key'],
    ['a key twice, deep inside', '{"a":[[{"b":{"c":1,"d":2,"c":3}}]]}', 'json.duplicate-key'],
    ['a key twice with white space', '{"a" :1, "a"\n:2}', 'json.duplicate-key'],
    ['a key twice, once escaped', '{"é":1,"\\u00e9":2}', 'json.duplicate-key'],
    ['a key twice, with quotes', '{"a\\"b":1,"a\\u0022b":2}', 'json.duplicate-key'],
    ['a key and a value that are equal', '{"a":"a","b":["a","a"]}', 'ok'],
    ['keys that differ in case', '{"a":1,"A":2}', 'ok'],
    ['keys like those of prototypes', '{"__proto__":1,"constructor":2}', 'ok'],
    ['a key twice like those of prototypes', '{"__proto__":1,"__proto__":2}', 'json.duplicate-key'],
    ['many keys', `{${Array.from({ length: 5000 }, (_, n) => `"k${n}":1`).join(',')}}`, 'ok'],
    ['a surrogate pair', '{"a":"\\ud83d\\ude00"}', 'ok'],
    ['half a surrogate pair', '{"a":"\\ud83d"}', 'lone surrogates'],
    ['the other half', '["\\uDE00"]', 'lone surrogates'],
    ['halves in the wrong order', '["\\ude00\\ud83d"]', 'lone surrogates'],
    ['halves of two strings', '["\\ud83d","\\ude00"]', 'lone surrogates'],
    ['a backslash and something that looks like half a pair', '["\\\\ud83d"]', 'ok'],
    ['10,000 containers one in the other', '['.repeat(10_000) + ']'.repeat(10_000), 'json.too-deep'],
  ])('judges %s', (_name, json, expected) => {
    expect(reasonOf(json)).toBe(expected);
  });

  it('tells where the bytes stop being UTF-8', () => {
    const verified = verifyJson(Buffer.concat([Buffer.from('{"é":"日本'), Buffer.from([0xff]), Buffer.from('"}')]));

    expect(verified).toEqual({ ok: false, reason: 'json.invalid-utf8', detail: 'not UTF-8 at byte 13' });
  });

  it('finds a key that stands twice, in any object that was made by JSON.stringify and torn open', () => {
    const object = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 4 }), fc.jsonValue(), {
      minKeys: 1,
      maxKeys: 40,
    });
    fc.assert(
      fc.property(object, fc.nat(), (value, which) => {
        const keys = Object.keys(value);
        const json = JSON.stringify(value);
        const key = JSON.stringify(keys[which % keys.length]);

        expect(['ok', 'lone surrogates']).toContain(reasonOf(json));
        expect(reasonOf(`${json.slice(0, -1)},${key}:0}`)).toBe('json.duplicate-key');
      }),
    );
  });
});

describe('replacing lone surrogates', () => {
  it('leaves everything else as it is', () => {
    const json = '{"a":"\\ud83d","b":"\\ud83d\\ude00","c":"\\\\ud83d","d":"\\ud83d\\ud83d\\ude00\\udE00"}';

    const clean = withoutLoneSurrogates(Buffer.from(json)).toString();

    expect(clean).toBe('{"a":"\\ufffd","b":"\\ud83d\\ude00","c":"\\\\ud83d","d":"\\ufffd\\ud83d\\ude00\\ufffd"}');
    expect(reasonOf(clean)).toBe('ok');
  });

  it('gives what String.toWellFormed gives', () => {
    const halves = fc.array(fc.constantFrom('\\ud83d', '\\ude00', '\\n', '\\\\', 'é', 'u', '\\u0041'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(halves, (parts) => {
        const json = `"${parts.join('')}"`;

        const clean = withoutLoneSurrogates(Buffer.from(json)).toString();

        expect(JSON.parse(clean)).toBe(String(JSON.parse(json)).toWellFormed());
        expect(reasonOf(json) === 'lone surrogates').toBe(clean !== json);
      }),
    );
  });
});
