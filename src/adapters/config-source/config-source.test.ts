import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { createConfigSource } from './config-source.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yagura-config-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('reads a file as it is', async () => {
  const path = join(folder, 'yagura.yaml');
  await writeFile(path, 'teams: {} # 決済\n');

  const source = createConfigSource(path);

  expect(await source.read()).toBe('teams: {} # 決済\n');
  expect(source.location).toBe(path);
});

test.each([
  ['a file that is not there', async (path: string) => path, /no such file.*--config FILE/],
  ['a folder', async (path: string) => mkdir(path), /folder, not a file/],
  ['a file that is not UTF-8', async (path: string) => writeFile(path, Buffer.from([0x83, 0x65, 0xff])), /not UTF-8/],
  [
    'a file that is far too large',
    async (path: string) => writeFile(path, '').then(() => truncate(path, 5 * 1024 * 1024)),
    /5242880 bytes.*right file/,
  ],
])('says which file it could not read, and why: %s', async (name, make, message) => {
  const path = join(folder, name.replaceAll(' ', '-'));
  await make(path);

  await expect(createConfigSource(path).read()).rejects.toMatchObject({
    code: 'config.unreadable',
    message: expect.stringMatching(message),
  });
  await expect(createConfigSource(path).read()).rejects.toThrow(path);
});

test.each([
  ['s3://bucket', 's3://bucket/path/yagura.yaml'],
  ['s3:/bucket/key', 's3://bucket/path/yagura.yaml'],
  ['s3://UPPER/key', 's3://bucket/path/yagura.yaml'],
  ['ssm:', 'ssm:/yagura/config'],
  ['ssm:/a b', 'ssm:/yagura/config'],
])('shows how to spell a place it does not understand: %s', async (location, example) => {
  await expect(createConfigSource(location).read()).rejects.toMatchObject({
    code: 'config.unreadable',
    message: expect.stringContaining(example),
  });
});

test('says which parameter AWS did not give, and why', async () => {
  const server = await startAwsJsonServer(() => ({ error: 'ParameterNotFound', message: '' }));
  const access = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  };

  const reading = createConfigSource('ssm:/yagura/config', access).read();

  await expect(reading).rejects.toMatchObject({
    code: 'config.unreadable',
    message: expect.stringMatching(
      /ssm:GetParameter on \/yagura\/config failed.*ParameterNotFound.*nothing at that place/,
    ),
  });
  await server.close();
});

test('asks a stand-in for S3 with the bucket in the path, because a bucket before its host would not resolve', async () => {
  const server = await startAwsJsonServer(({ path }) => ({ xml: `# asked for ${path}` }));
  const access = {
    endpoint: server.url.replace('127.0.0.1', 'localhost'),
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  };

  const text = await createConfigSource('s3://example-config/org/yagura.yaml', access).read();

  expect(text).toBe('# asked for /example-config/org/yagura.yaml?x-id=GetObject');
  await server.close();
});
