import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseObjectNotice } from '#core/lake/object-notice.ts';
import { decodeS3Key, splitS3Uri } from '#core/lake/s3-key.ts';

type Case = { readonly name: string; readonly given: unknown; readonly expected: object };

// Written by us, beside this file.
const cases = JSON.parse(readFileSync(new URL('object-notice.cases.json', import.meta.url), 'utf8')) as Case[];

describe('a message that names objects', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { given, expected }) => {
    const notice = parseObjectNotice(typeof given === 'string' ? given : JSON.stringify(given));

    expect(summary(notice)).toEqual({ objects: [], ignored: [], broken: [], ...expected });
  });

  it('refuses what no queue delivers without reading it', () => {
    const notice = parseObjectNotice(`{"Records":[],"padding":"${'x'.repeat(1024 * 1024)}"}`);

    expect(notice).toMatchObject({ ok: false, reason: 'size' });
  });

  it('survives nesting that is as deep as a message can be', () => {
    const deep = '['.repeat(500_000);

    expect(parseObjectNotice(`{"Records":${deep}${']'.repeat(500_000)}}`).ok).toBe(false);
    expect(parseObjectNotice(deep).ok).toBe(false);
  });

  it('never throws, whatever stands where', () => {
    const key = fc.constantFrom(
      ...['Records', 'eventName', 's3', 'bucket', 'name', 'object', 'key', 'size', 'detail', 'detail-type', 'source'],
      ...['Type', 'TopicArn', 'Message', 's3Bucket', 's3ObjectKey', 'messageType', 'Event', 'Bucket', 'eTag'],
    );
    const words = fc.constantFrom('ObjectCreated:Put', 'Object Created', 'Notification', '%', 'a/', '\ud800', '{}');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        words,
        fc.string(),
        fc.double(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    }));

    fc.assert(
      fc.property(fc.oneof(value, fc.dictionary(key, value)), (document) => {
        const notice = parseObjectNotice(JSON.stringify(document));

        if (notice.ok)
          for (const { bucket, key } of notice.value.objects) expect(bucket !== '' && key !== '').toBe(true);
        else expect(notice.detail).not.toBe('');
      }),
    );
  });
});

describe('keys as S3 writes them', () => {
  test('a key comes back from the encoding of S3 notifications', () => {
    const utf8 = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });

    fc.assert(
      fc.property(utf8, (key) => {
        // What Java's URLEncoder does, which S3's notifications show.
        const encoded = new URLSearchParams({ '': key }).toString().slice(1);

        expect(decodeS3Key(encoded)).toBe(key);
      }),
    );
  });

  test.each([
    ['s3://logs/AWSLogs/a b+%20?x#y', { bucket: 'logs', key: 'AWSLogs/a b+%20?x#y' }],
    ['s3://logs', { bucket: 'logs', key: '' }],
    ['s3://logs/', { bucket: 'logs', key: '' }],
    ['s3://logs//a', { bucket: 'logs', key: '/a' }],
    ['s3:///a', undefined],
    ['s3://../a', undefined],
    ['https://logs/a', undefined],
  ])('the address %s names %j', (uri, expected) => {
    expect(splitS3Uri(uri)).toEqual(expected);
  });
});

function summary(notice: ReturnType<typeof parseObjectNotice>): object {
  const nothing = { objects: [], ignored: [], broken: [] };
  if (!notice.ok) return { ...nothing, rejected: { reason: notice.reason, detail: notice.detail } };
  return { ...notice.value, broken: notice.value.broken.map(({ reason, detail }) => ({ reason, detail })) };
}
