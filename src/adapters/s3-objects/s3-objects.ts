import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { pages } from '#adapters/aws-clients/pages.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { decodeS3Key, splitS3Uri } from '#core/lake/s3-key.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { ObjectInfo, ObjectStore, OpenedObject } from '#ports/object-store.ts';
import { createBody } from './resumed-body.ts';
import { s3Failure, shownUri } from './s3-failure.ts';

export type S3ObjectsSettings = AwsAccess & {
  readonly sleeper: Sleeper;
  /** How long the bytes of an object may stay away before the rest is asked for again. */
  readonly silenceMs?: number;
};

// The SDK's timeouts end with the first byte of an answer.
const SILENCE_MS = 30_000;

/**
 * `s3://bucket/prefix` as S3 understands prefixes: every object whose key begins with it. Needs `s3:ListBucket` and
 * `s3:GetObject`, and `kms:Decrypt` for objects that KMS encrypts. A bucket may be in any Region.
 */
export function createS3Objects(settings: S3ObjectsSettings): ObjectStore {
  const { sleeper, silenceMs = SILENCE_MS, ...access } = settings;
  const client = createAwsClients(access)(FollowingS3Client);
  return {
    list: (prefix) => list(client, prefix, access),
    open: (uri, expected) => open({ client, uri, access, sleeper, silenceMs }, expected?.etag),
  };
}

// Logs of other Regions are in buckets of other Regions; S3 says in which.
class FollowingS3Client extends S3Client {
  constructor(config: S3ClientConfig) {
    super({ ...config, followRegionRedirects: true });
  }
}

type Reading = {
  readonly client: S3Client;
  readonly uri: string;
  readonly access: AwsAccess;
  readonly sleeper: Sleeper;
  readonly silenceMs: number;
};

async function* list(client: S3Client, uri: string, access: AwsAccess): AsyncGenerator<ObjectInfo> {
  const { bucket, key: prefix } = addressOf(uri);
  const found = pages(async (token) => {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      // XML has no way to write some of the characters that a key may have.
      EncodingType: 'url',
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const { Contents, NextContinuationToken, EncodingType } = await client.send(command);
    const items = (Contents ?? []).flatMap((object): ObjectInfo[] => {
      const given = object.Key ?? '';
      const key = EncodingType === 'url' ? (decodeS3Key(given) ?? given) : given;
      const size = object.Size ?? 0;
      if (key === '' || (key.endsWith('/') && size === 0)) return [];
      return [
        {
          uri: `s3://${bucket}/${key}`,
          key,
          size,
          etag: unquoted(object.ETag),
          modifiedAt: object.LastModified?.getTime() ?? 0,
        },
      ];
    });
    return { items, next: NextContinuationToken };
  });
  try {
    yield* found;
  } catch (thrown) {
    throw s3Failure(thrown, { call: 'ListBucket', uri, access });
  }
}

async function open(reading: Reading, expected: string | undefined): Promise<OpenedObject> {
  const answer = await get(reading, expected, 0);
  const etag = unquoted(answer.ETag);
  const size = answer.ContentLength ?? 0;
  const body = createBody({
    ...reading,
    size,
    first: answer.Body,
    from: async (position) => (await get(reading, etag, position)).Body,
  });
  return { size, etag, modifiedAt: answer.LastModified?.getTime() ?? 0, body };
}

async function get(
  { client, uri, access }: Reading,
  etag: string | undefined,
  from: number,
): Promise<GetObjectCommandOutput> {
  const { bucket, key } = addressOf(uri);
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(etag === undefined ? {} : { IfMatch: `"${etag}"` }),
    ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
  });
  const answer = await client.send(command).catch((thrown: unknown) => {
    throw s3Failure(thrown, { call: 'GetObject', uri, access });
  });
  if (from > 0 && !(answer.ContentRange ?? '').startsWith(`bytes ${from}-`))
    throw new YaguraError(
      'object.unavailable',
      `The endpoint of ${shownUri(uri)} does not continue an object at byte ${from}. Check that AWS_ENDPOINT_URL speaks S3.`,
    );
  return answer;
}

function addressOf(uri: string): { bucket: string; key: string } {
  const address = splitS3Uri(uri);
  if (address === undefined)
    throw new YaguraError('input.invalid', `${shownUri(uri)} is not an address like s3://bucket/prefix.`);
  return address;
}

function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^"(.*)"$/, '$1');
}
