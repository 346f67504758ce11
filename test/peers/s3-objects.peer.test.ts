import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createS3Objects } from '#adapters/s3-objects/s3-objects.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { all, describeObjectStore, read } from '../contract/object-store.contract.ts';
import { motoAccess, motoMissing, resetMoto } from '../stand-ins/moto.ts';

const BUCKET = 'example-logs';

describe.skipIf(motoMissing)('S3 of a real peer', () => {
  beforeEach(async () => {
    await resetMoto();
    await client().send(new CreateBucketCommand({ Bucket: BUCKET }));
  });

  describeObjectStore('S3 (moto server)', async () => ({
    store: objects(),
    place: `s3://${BUCKET}/AWSLogs/`,
    put: (name, bytes) => put(`AWSLogs/${name}`, bytes),
    remove: async (name) =>
      void (await client().send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `AWSLogs/${name}` }))),
  }));

  test('lists more objects than a page has', async () => {
    const keys = Array.from({ length: 1_234 }, (_empty, index) => `many/${String(index).padStart(5, '0')}.log`);
    for (let start = 0; start < keys.length; start += 50)
      await Promise.all(keys.slice(start, start + 50).map((key) => put(key, Buffer.from(key))));

    const listed = await all(objects(), `s3://${BUCKET}/many/`);

    expect(listed.map((info) => info.key)).toEqual(keys);
  });

  test('takes a prefix as S3 does, and the whole bucket without one', async () => {
    for (const key of ['a/1.log', 'a/10.log', 'b.log']) await put(key, Buffer.from(key));

    expect((await all(objects(), `s3://${BUCKET}/a/1`)).map((info) => info.key)).toEqual(['a/1.log', 'a/10.log']);
    expect(await all(objects(), `s3://${BUCKET}`)).toHaveLength(3);
    expect(await all(objects(), `s3://${BUCKET}/absent/`)).toEqual([]);
  });

  test('leaves directory markers out, not empty objects', async () => {
    for (const key of ['a/', 'a/empty.log']) await put(key, Buffer.alloc(0));

    expect((await all(objects(), `s3://${BUCKET}/`)).map((info) => info.key)).toEqual(['a/empty.log']);
  });

  test('reads keys with characters that XML has to escape', async () => {
    const key = 'odd/ &<>"\'+%2B.log';
    await put(key, Buffer.from('one'));

    const [info] = await all(objects(), `s3://${BUCKET}/odd/`);

    expect(info?.key).toBe(key);
    expect((await read(objects(), info)).toString()).toBe('one');
  });

  test('says that a bucket does not exist', async () => {
    await expect(all(objects(), 's3://absent-bucket/')).rejects.toMatchObject({ code: 'object.gone' });
    await expect(objects().open('s3://absent-bucket/a')).rejects.toMatchObject({ code: 'object.gone' });
  });
});

function objects() {
  return createS3Objects({ ...motoAccess(), sleeper: createSystemSleeper() });
}

function client(): S3Client {
  return createAwsClients(motoAccess())(S3Client);
}

async function put(Key: string, Body: Uint8Array): Promise<void> {
  await client().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
}
