import { type Outcome, ok, type Rejected, rejected } from '#core/finding/outcome.ts';
import { at, fields, list } from '#core/intake/fields.ts';
import { decodeS3Key } from '#core/lake/s3-key.ts';

/** One object that a notice names; what the notice does not tell is absent. */
export type ObjectRef = {
  readonly bucket: string;
  readonly key: string;
  readonly region?: string;
  readonly size?: number;
  readonly etag?: string;
  readonly versionId?: string;
  /** Hexadecimal; compares the order of two notices of the same key. */
  readonly sequencer?: string;
};

export type IgnoredReason =
  /** S3 and CloudTrail send one when a notification is set up. */
  | 'test-event'
  | 'object-removed'
  /** A tag, an ACL, a storage class, a replication: the bytes are the same as before. */
  | 'content-unchanged'
  | 'directory-marker'
  /** A topic asks for its subscription to be confirmed; nothing is read until somebody does. */
  | 'subscription-unconfirmed'
  /** A message of AWS Config or CloudTrail that names no object. */
  | 'names-no-object';

export type IgnoredNotice = { readonly reason: IgnoredReason; readonly detail: string };

/** What one message came to. `broken` are its records that were not understood; the others are not lost with them. */
export type ObjectNotice = {
  readonly objects: readonly ObjectRef[];
  readonly ignored: readonly IgnoredNotice[];
  readonly broken: readonly Rejected[];
};

type Part = { readonly object: ObjectRef } | { readonly ignored: IgnoredNotice } | { readonly broken: Rejected };

// SQS allows 1 MiB, and a character is a byte at least.
const MOST_CHARACTERS = 1024 * 1024;
/** SNS in SNS happens when a topic's messages are forwarded; deeper is no delivery of AWS. */
const MOST_WRAPPINGS = 3;
const MOST_KEY_BYTES = 1024;
const BUCKET = /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/;
const LONGEST_SHOWN = 200;

/**
 * Reads the body of a message that says which objects are new: S3's own notification, EventBridge, Security Lake's
 * subscriber form, CloudTrail's and AWS Config's topics, each directly or through SNS. Never throws.
 */
export function parseObjectNotice(body: string): Outcome<ObjectNotice> {
  const parts = partsOf(body, 0);
  const notice = collected(parts);
  const [broken] = notice.broken;
  return broken !== undefined && notice.broken.length === parts.length ? broken : ok(notice);
}

function collected(parts: readonly Part[]): ObjectNotice {
  return {
    objects: parts.flatMap((part) => ('object' in part ? [part.object] : [])),
    ignored: parts.flatMap((part) => ('ignored' in part ? [part.ignored] : [])),
    broken: parts.flatMap((part) => ('broken' in part ? [part.broken] : [])),
  };
}

function partsOf(body: string, wrappings: number): Part[] {
  if (body.length > MOST_CHARACTERS)
    return [broken('size', `the message has ${body.length} characters, more than any queue delivers`)];
  // CloudTrail writes this sentence, which is no JSON, to a topic that it is given.
  if (/^CloudTrail validation message\.?$/.test(body.trim())) return [ignored('test-event', shown(body.trim()))];
  const document = parsed(body);
  if (document === undefined) return [broken('envelope', 'the message is not JSON')];
  const message = fields(document);
  if (message === undefined) return [broken('envelope', 'the message is not a JSON object')];
  if (string(message, 'Type') !== undefined && string(message, 'TopicArn') !== undefined)
    return fromTopic(message, wrappings);
  if (string(message, 'Event') === 's3:TestEvent')
    return [ignored('test-event', `s3:TestEvent of ${shown(string(message, 'Bucket') ?? 'an unnamed bucket')}`)];
  if (Object.hasOwn(message, 'Records')) return fromRecords(message);
  if (Object.hasOwn(message, 'detail')) return [fromEventBridge(message)];
  if (Object.hasOwn(message, 's3Bucket') || Object.hasOwn(message, 's3ObjectKey')) return fromDelivery(message);
  // AWS Config announces deliveries and a lot besides on one topic.
  const type = string(message, 'messageType');
  if (type !== undefined) return [ignored('names-no-object', `message type ${shown(type)}`)];
  return [
    broken('envelope', `no known form: no "Records", "detail", "s3Bucket" or SNS "Message" (${keysOf(message)})`),
  ];
}

function fromTopic(message: object, wrappings: number): Part[] {
  const type = string(message, 'Type') ?? '';
  const topic = shown(string(message, 'TopicArn') ?? '');
  if (type === 'SubscriptionConfirmation')
    return [ignored('subscription-unconfirmed', `${topic} waits for this queue's subscription to be confirmed`)];
  if (type === 'UnsubscribeConfirmation')
    return [ignored('names-no-object', `this queue was unsubscribed from ${topic}`)];
  const text = at(message, 'Message');
  if (type !== 'Notification' || typeof text !== 'string')
    return [broken('envelope', `an SNS message of ${topic} without a text in "Message"`)];
  if (wrappings >= MOST_WRAPPINGS)
    return [broken('envelope', `SNS messages are nested more than ${MOST_WRAPPINGS} deep`)];
  return partsOf(text, wrappings + 1);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function fromRecords(message: object): Part[] {
  const records = at(message, 'Records');
  if (!Array.isArray(records)) return [broken('schema', '"Records" is not a list')];
  if (records.length === 0) return [ignored('names-no-object', '"Records" is empty')];
  return records.map((record: unknown, index) => fromRecord(record, `Records[${index}]`));
}

function fromRecord(record: unknown, where: string): Part {
  const event = string(record, 'eventName');
  if (event === undefined || fields(at(record, 's3')) === undefined)
    return broken('schema', `${where} is no S3 event: it has no "eventName" or no "s3"`);
  // Some services of other makers write the name with its prefix.
  const name = event.replace(/^s3:/, '');
  const encoded = string(record, 's3', 'object', 'key');
  if (/^(ObjectRemoved|LifecycleExpiration):/.test(name))
    return ignored('object-removed', `${shown(name)} ${shown(encoded ?? '')}`);
  if (!/^ObjectCreated:/.test(name)) return ignored('content-unchanged', `${shown(name)} ${shown(encoded ?? '')}`);
  if (encoded === undefined) return broken('schema', `${where}.s3.object.key is missing`);
  const key = decodeS3Key(encoded);
  if (key === undefined) return broken('schema', `${where}.s3.object.key is not URL-encoded UTF-8: ${shown(encoded)}`);
  return objectPart({
    where: `${where}.s3`,
    bucket: string(record, 's3', 'bucket', 'name'),
    key,
    region: string(record, 'awsRegion'),
    size: at(record, 's3', 'object', 'size'),
    etag: string(record, 's3', 'object', 'eTag'),
    versionId: string(record, 's3', 'object', 'versionId'),
    sequencer: string(record, 's3', 'object', 'sequencer'),
  });
}

/**
 * EventBridge does not encode the key. Security Lake's subscribers get the same without a "detail-type":
 * https://docs.aws.amazon.com/security-lake/latest/userguide/subscriber-update.html#sample-notification
 */
function fromEventBridge(message: object): Part {
  const type = string(message, 'detail-type');
  const detail = at(message, 'detail');
  const key = string(detail, 'object', 'key');
  const bucket = string(detail, 'bucket', 'name');
  if (type === 'Object Deleted') return ignored('object-removed', `${type} ${shown(key ?? '')}`);
  if (type !== undefined && type !== 'Object Created')
    return string(message, 'source') === 'aws.s3'
      ? ignored('content-unchanged', `${shown(type)} ${shown(key ?? '')}`)
      : broken('envelope', `an EventBridge event of another kind: ${shown(type)}`);
  if (key === undefined) return broken('schema', 'detail.object.key is missing');
  return objectPart({
    where: 'detail',
    bucket,
    key,
    region: string(message, 'region'),
    size: at(detail, 'object', 'size'),
    etag: string(detail, 'object', 'etag'),
    versionId: string(detail, 'object', 'version-id'),
    sequencer: string(detail, 'object', 'sequencer'),
  });
}

/** CloudTrail's topic names a list of keys, AWS Config's one; neither encodes them. */
function fromDelivery(message: object): Part[] {
  const bucket = string(message, 's3Bucket');
  const found = at(message, 's3ObjectKey');
  const keys = typeof found === 'string' ? [found] : list(found);
  if (keys.length === 0)
    return found === undefined || Array.isArray(found)
      ? [ignored('names-no-object', `"s3ObjectKey" is empty or missing (bucket ${shown(bucket ?? 'unnamed')})`)]
      : [broken('schema', '"s3ObjectKey" is neither a text nor a list')];
  return keys.map((key, index) =>
    typeof key === 'string' && key !== ''
      ? objectPart({ where: `s3ObjectKey[${index}]`, bucket, key })
      : broken('schema', `s3ObjectKey[${index}] is not a text`),
  );
}

type Named = {
  readonly where: string;
  readonly bucket: string | undefined;
  readonly key: string;
  readonly region?: string | undefined;
  readonly size?: unknown;
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
  readonly sequencer?: string | undefined;
};

function objectPart({ where, bucket, key, region, size: stated, etag, versionId, sequencer }: Named): Part {
  if (bucket === undefined || !BUCKET.test(bucket))
    return broken('schema', `${where} names no bucket that can exist: ${shown(bucket ?? 'none')}`);
  if (!key.isWellFormed() || new TextEncoder().encode(key).length > MOST_KEY_BYTES)
    return broken('schema', `${where} names a key that cannot exist (over 1,024 bytes of UTF-8): ${shown(key)}`);
  const size = typeof stated === 'number' && Number.isSafeInteger(stated) && stated >= 0 ? stated : undefined;
  if (key.endsWith('/') && (size ?? 0) === 0) return ignored('directory-marker', shown(key));
  const tag = etag?.replace(/^"(.*)"$/, '$1');
  return {
    object: {
      bucket,
      key,
      ...(region !== undefined && /^[a-z]{2}[a-z0-9-]{1,30}$/.test(region) ? { region } : {}),
      ...(size === undefined ? {} : { size }),
      ...(tag === undefined || !/^[\x21\x23-\x7e]{1,256}$/.test(tag) ? {} : { etag: tag }),
      ...(versionId === undefined || versionId.length > MOST_KEY_BYTES ? {} : { versionId }),
      ...(sequencer !== undefined && /^[0-9A-Fa-f]{1,64}$/.test(sequencer) ? { sequencer } : {}),
    },
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ''));
  } catch {
    // Whatever its parser stumbles over, the message is not JSON.
    return undefined;
  }
}

// Never cut: half a key is the key of another object.
function string(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function keysOf(message: object): string {
  return `it has ${Object.keys(message).slice(0, 8).map(shown).join(', ') || 'nothing'}`;
}

// Anybody who may write to the bucket or the queue chose these words; logs and terminals show them.
function shown(text: string): string {
  const clean = text
    .slice(0, LONGEST_SHOWN)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .toWellFormed();
  return text.length <= LONGEST_SHOWN ? clean : `${clean}…`;
}

function ignored(reason: IgnoredReason, detail: string): Part {
  return { ignored: { reason, detail: detail.trim() } };
}

function broken(reason: Rejected['reason'], detail: string): Part {
  return { broken: rejected(reason, detail) };
}
