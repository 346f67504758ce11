import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Sleeper } from '#ports/clock.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { all, bytesOf } from '../../../test/contract/object-store.contract.ts';
import { type S3Call, type S3Server, s3Error, startS3Server } from '../../../test/stand-ins/s3-server.ts';
import { createSkippingSleeper } from '../../../test/stand-ins/time.ts';
import { createS3Objects } from './s3-objects.ts';

const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_empty, index) => index % 251));
const ETAG = 'b57f9512698f4b09e608f4f2a65852e5';
const URI = 's3://logs/AWSLogs/a.json.gz';

async function objects(
  answer: (call: S3Call, response: ServerResponse, count: number) => void,
  settings: { sleeper?: Sleeper; silenceMs?: number } = {},
): Promise<{ store: ObjectStore; server: S3Server }> {
  let count = 0;
  const server = await startS3Server((call, response) => answer(call, response, ++count));
  onTestFinished(() => server.close());
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const access = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  return { store: createS3Objects({ ...access, sleeper: createSkippingSleeper(), ...settings }), server };
}

/** The rest of the object from the byte that was asked for, of which only `most` bytes arrive. */
function part(call: S3Call, response: ServerResponse, most = BYTES.length): void {
  const from = Number(/^bytes=(\d+)-$/.exec(call.range ?? '')?.[1] ?? 0);
  const rest = BYTES.subarray(from);
  response.writeHead(from === 0 ? 200 : 206, {
    etag: `"${ETAG}"`,
    'content-length': rest.length,
    ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` }),
  });
  if (most >= rest.length) response.end(rest);
  else response.write(rest.subarray(0, most), () => response.destroy());
}

describe('a body that breaks off', () => {
  test('is taken up again where it stopped, of the same object only', async () => {
    const { store, server } = await objects((call, response, count) =>
      part(call, response, count < 4 ? 50_000 : undefined),
    );

    const { body } = await store.open(URI);

    expect((await bytesOf(body)).equals(BYTES)).toBe(true);
    expect(server.calls).toEqual([
      { path: '/logs/AWSLogs/a.json.gz?x-id=GetObject', range: undefined, ifMatch: undefined },
      { path: '/logs/AWSLogs/a.json.gz?x-id=GetObject', range: 'bytes=50000-', ifMatch: `"${ETAG}"` },
      { path: '/logs/AWSLogs/a.json.gz?x-id=GetObject', range: 'bytes=100000-', ifMatch: `"${ETAG}"` },
      { path: '/logs/AWSLogs/a.json.gz?x-id=GetObject', range: 'bytes=150000-', ifMatch: `"${ETAG}"` },
    ]);
  });

  test('is an error when the object is another by then', async () => {
    const { store } = await objects((call, response, count) =>
      count === 1 ? part(call, response, 50_000) : s3Error(response, 412, 'PreconditionFailed'),
    );

    const { body } = await store.open(URI);

    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'object.changed' });
  });

  test('is an error when the object is gone by then', async () => {
    const { store } = await objects((call, response, count) =>
      count === 1 ? part(call, response, 50_000) : s3Error(response, 404, 'NoSuchKey'),
    );

    const { body } = await store.open(URI);

    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'object.gone' });
  });

  test('is given up after some tries that bring nothing, each later than the one before', async () => {
    const sleeper = createSkippingSleeper();
    const { store, server } = await objects((call, response) => part(call, response, 0), { sleeper });

    const { body } = await store.open(URI);

    await expect(bytesOf(body)).rejects.toMatchObject({
      code: 'object.unavailable',
      retryable: true,
      message: expect.stringMatching(/s3:\/\/logs\/AWSLogs\/a\.json\.gz broke off at byte 0 of 200000/),
    });
    expect(server.calls).toHaveLength(6);
    expect(sleeper.slept).toEqual([200, 400, 800, 1_600, 3_200]);
  });

  test('is not continued by an endpoint that begins again', async () => {
    const { store } = await objects((call, response) => part({ ...call, range: undefined }, response, 50_000));

    const { body } = await store.open(URI);

    await expect(bytesOf(body)).rejects.toMatchObject({
      code: 'object.unavailable',
      message: expect.stringContaining('at byte 50000'),
    });
  });

  test('is taken up again when the bytes stay away', async () => {
    const { store, server } = await objects(
      (call, response, count) => {
        if (count > 1) return part(call, response);
        response.writeHead(200, { etag: `"${ETAG}"`, 'content-length': BYTES.length });
        response.write(BYTES.subarray(0, 50_000));
      },
      { silenceMs: 100 },
    );

    const { body } = await store.open(URI);

    expect((await bytesOf(body)).equals(BYTES)).toBe(true);
    expect(server.calls.map((call) => call.range)).toEqual([undefined, 'bytes=50000-']);
  });

  test('is not broken off because its reader is slow', async () => {
    const { store, server } = await objects((call, response) => part(call, response), { silenceMs: 200 });
    const { body } = await store.open(URI);

    let bytes = 0;
    for await (const chunk of body) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 700));
      bytes += chunk.length;
    }

    expect(bytes).toBe(BYTES.length);
    expect(server.calls).toHaveLength(1);
  });
});

test('a listing is read with characters in keys that XML cannot write', async () => {
  const { store, server } = await objects((_call, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${[
        '%01%1B+a%2Bb%0D%0A%26%3C%3E.log',
        'broken%E6.log',
      ]
        .map((key) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>&quot;e&quot;</ETag></Contents>`)
        .join('')}</ListBucketResult>`,
    );
  });

  expect((await all(store, 's3://logs/x/')).map((info) => info.key)).toEqual([
    '\u0001\u001b a+b\r\n&<>.log',
    'broken%E6.log',
  ]);
  expect(server.calls[0]?.path).toContain('encoding-type=url');
});

test('a body that nobody reads lets its connection go, and is asked for again when somebody does', async () => {
  let closed = 0;
  const { store, server } = await objects(
    (call, response, count) => {
      response.on('close', () => closed++);
      if (count > 1) return part(call, response);
      response.writeHead(200, { etag: `"${ETAG}"`, 'content-length': BYTES.length });
      response.write(BYTES.subarray(0, 50_000));
    },
    { silenceMs: 50 },
  );
  const { body } = await store.open(URI);

  await vi.waitFor(() => expect(closed).toBe(1));

  expect((await bytesOf(body)).equals(BYTES)).toBe(true);
  expect(server.calls[1]).toMatchObject({ range: undefined, ifMatch: `"${ETAG}"` });
});

test('a connection that breaks before anybody reads is no crash', async () => {
  const { store } = await objects((call, response, count) => part(call, response, count === 1 ? 1_000 : undefined));
  const { body } = await store.open(URI);

  await new Promise((resolve) => setTimeout(resolve, 100));

  expect((await bytesOf(body)).equals(BYTES)).toBe(true);
});

test('bytes whose checksum is another are an error, and are not read twice', async () => {
  const { store, server } = await objects((_call, response) => {
    const wrong = Buffer.alloc(4);
    wrong.writeUInt32BE((crc32(BYTES) ^ 1) >>> 0);
    response.writeHead(200, {
      etag: `"${ETAG}"`,
      'content-length': BYTES.length,
      'x-amz-checksum-crc32': wrong.toString('base64'),
    });
    response.end(BYTES);
  });

  const { body } = await store.open(URI);

  await expect(bytesOf(body)).rejects.toMatchObject({
    code: 'object.unavailable',
    message: expect.stringContaining('Checksum mismatch'),
  });
  expect(server.calls).toHaveLength(1);
});

describe('what S3 answers', () => {
  test.each([
    [404, 'NoSuchKey', 'object.gone', false, /no object s3:\/\/logs\/AWSLogs\/a\.json\.gz/],
    [404, 'NoSuchBucket', 'object.gone', false, /bucket of s3:\/\/logs.*does not exist/],
    [412, 'PreconditionFailed', 'object.changed', true, /it was replaced/],
    [
      403,
      'AccessDenied',
      'object.unavailable',
      false,
      /s3:GetObject on s3:\/\/logs\/AWSLogs\/a\.json\.gz failed.*Allow s3:GetObject.*arn:aws:s3:::logs\/\*.*kms:Decrypt/,
    ],
    [403, 'InvalidObjectState', 'object.unavailable', false, /archived.*restore-object/],
    [403, 'InvalidAccessKeyId', 'object.unavailable', false, /Check the credentials/],
    [503, 'SlowDown', 'object.unavailable', true, /limits the rate/],
    [500, 'InternalError', 'object.unavailable', true, /tried again later/],
  ])('%d %s is %s (may be repeated: %s)', async (status, code, expected, retryable, message) => {
    const { store } = await objects((_call, response) => s3Error(response, status, code));

    await expect(store.open(URI, { etag: ETAG })).rejects.toMatchObject({
      code: expected,
      retryable,
      message: expect.stringMatching(message),
    });
  });

  test('a listing that is denied names the permission and the bucket', async () => {
    const { store } = await objects((_call, response) => s3Error(response, 403, 'AccessDenied'));

    await expect(all(store, 's3://logs/AWSLogs/')).rejects.toMatchObject({
      code: 'object.unavailable',
      message: expect.stringMatching(/Allow s3:ListBucket.*arn:aws:s3:::logs,/),
    });
  });

  test('a page token that comes twice ends the listing with an error', async () => {
    const { store } = await objects((_call, response) => {
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end(
        '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>',
      );
    });

    await expect(all(store, 's3://logs/')).rejects.toMatchObject({ code: 'object.unavailable' });
  });

  test('a key that would move the cursor of a terminal does not reach the message', async () => {
    const { store } = await objects((_call, response) => s3Error(response, 404, 'NoSuchKey'));

    const failure = await store.open('s3://logs/\u001b[2J\u202ea').catch((thrown: unknown) => String(thrown));

    expect(failure).toContain('s3://logs/�[2J�a');
  });

  test.each(['https://logs/a', 's3://', 's3:///a', 'logs/a'])('%s is wrong usage', async (uri) => {
    const { store } = await objects((_call, response) => s3Error(response, 500, 'InternalError'));

    await expect(store.open(uri)).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(all(store, uri)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  test('AWS_ENDPOINT_URL is where S3 is, with the bucket in the path', async () => {
    const { server } = await objects((call, response) => part(call, response));
    vi.stubEnv('AWS_ENDPOINT_URL', server.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

    await bytesOf(
      (await createS3Objects({ credentials, region: 'us-east-1', sleeper: createSkippingSleeper() }).open(URI)).body,
    );

    expect(server.calls[0]?.path).toContain('/logs/AWSLogs/a.json.gz');
  });
});
