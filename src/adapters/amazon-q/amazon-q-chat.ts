import { createHash } from 'node:crypto';
import { PublishCommand, type PublishCommandOutput } from '@aws-sdk/client-sns';
import { messageOf } from '#core/errors/yagura-error.ts';
import type { Destination } from '#core/notification/destination.ts';
import type { Chat, ChatPost, ChatResult } from '#ports/chat.ts';
import { escapedPlainText, markdownOf } from './client-markdown.ts';

export type SnsPublisher = { send(command: PublishCommand): Promise<PublishCommandOutput> };

export type AmazonQOptions = {
  /** An SNSClient, or one per Region: a topic takes messages in its own Region only. */
  readonly sns: SnsPublisher | ((region: string) => SnsPublisher);
};

const MAX_TITLE = 250;
const MAX_DESCRIPTION = 8_000;
const MAX_SUMMARY = 250;
const MAX_NEXT_STEPS = 10;
const MAX_THREAD_ID = 200;
const BUSY_MS = 5_000;

const TOPIC = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}$/;

/** Names the SNS errors that stay until a person changes something. */
const NEXT_STEP: Readonly<Record<string, string>> = {
  NotFound: 'Create the topic, or correct its ARN in yagura.yaml.',
  NotFoundException: 'Create the topic, or correct its ARN in yagura.yaml.',
  AuthorizationError: 'Allow sns:Publish on the topic, in the role and in the topic policy.',
  AuthorizationErrorException: 'Allow sns:Publish on the topic, in the role and in the topic policy.',
  InvalidParameter: 'Check the topic ARN and its Region.',
  InvalidParameterException: 'Check the topic ARN and its Region.',
  InvalidParameterValueException: 'Check the topic ARN and its Region.',
  KMSAccessDenied: 'Allow kms:GenerateDataKey and kms:Decrypt on the key of the topic.',
  KMSAccessDeniedException: 'Allow kms:GenerateDataKey and kms:Decrypt on the key of the topic.',
  KMSDisabled: 'Enable the key of the topic.',
  KMSDisabledException: 'Enable the key of the topic.',
  KMSNotFound: 'The key of the topic is gone; give the topic another one.',
  KMSNotFoundException: 'The key of the topic is gone; give the topic another one.',
  EndpointDisabled: 'Enable the endpoint, or send to a topic.',
  EndpointDisabledException: 'Enable the endpoint, or send to a topic.',
};

/** Sends custom notifications of Amazon Q Developer in chat applications through SNS; they cannot be changed later. */
export function createAmazonQChat(options: AmazonQOptions): Chat {
  return {
    canEdit: () => false,
    async post(post) {
      const { destination } = post;
      if (destination.kind !== 'amazon-q') return wrongKind(destination);
      const { topicArn } = destination;
      const region = TOPIC.exec(topicArn)?.[1];
      if (region === undefined) {
        return { kind: 'rejected', error: `${topicArn} is no ARN of a standard SNS topic. Correct it in yagura.yaml.` };
      }
      const sns = typeof options.sns === 'function' ? options.sns(region) : options.sns;
      try {
        await sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(customNotification(post)) }));
        return { kind: 'sent', channelId: null, ts: null };
      } catch (thrown) {
        return failureOf(thrown, topicArn);
      }
    },
    edit: async ({ destination }) =>
      destination.kind === 'amazon-q'
        ? { kind: 'rejected', error: 'Messages of Amazon Q cannot be edited; post a new one.' }
        : wrongKind(destination),
    findPosted: async () => ({ kind: 'none' }),
  };
}

/** The JSON that Amazon Q understands: custom notification schema, version 1.0. */
export function customNotification({ message, idempotencyKey, threadName }: ChatPost): Record<string, unknown> {
  const { title, lines, links } = markdownOf(message.blocks);
  const text = escapedPlainText(message.text);
  const description = lines.length > 0 ? lines.join('\n') : text;
  const nextSteps = links.slice(0, MAX_NEXT_STEPS);
  return {
    version: '1.0',
    source: 'custom',
    id: idempotencyKey,
    content: {
      textType: 'client-markdown',
      title: clipped(title ?? text.split('\n', 1)[0] ?? 'Yagura', MAX_TITLE) || 'Yagura',
      description: clipped(description, MAX_DESCRIPTION) || '-',
      ...(nextSteps.length > 0 && { nextSteps }),
    },
    metadata: {
      summary: clipped(text, MAX_SUMMARY),
      ...(threadName !== undefined && { threadId: threadId(threadName) }),
    },
  };
}

function threadId(name: string): string {
  if (name.length <= MAX_THREAD_ID) return name.toWellFormed();
  return createHash('sha256').update(name.toWellFormed()).digest('hex');
}

/** Cuts, says how many characters are missing, and splits neither a character nor an escape. */
function clipped(raw: string, most: number): string {
  const text = raw.toWellFormed();
  if (text.length <= most) return text;
  const room = most - `… (+${text.length})`.length;
  const kept = text
    .slice(0, room)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/&[a-z]{0,3}$/, '')
    .replace(/<[^<>]*$/, '');
  return `${kept}… (+${text.length - kept.length})`;
}

function failureOf(thrown: unknown, topicArn: string): ChatResult {
  const name = thrown instanceof Error ? thrown.name : '';
  if (/throttl|toomanyrequests|requestlimit/i.test(name)) return { kind: 'busy', retryAfterMs: BUSY_MS };
  const what = `Publishing to ${topicArn}: ${messageOf(thrown).slice(0, 500)}`;
  const nextStep = Object.hasOwn(NEXT_STEP, name) ? NEXT_STEP[name] : undefined;
  if (nextStep !== undefined) return { kind: 'rejected', error: `${what}. ${nextStep}` };
  return { kind: 'unavailable', error: `${what}. It is tried again.` };
}

function wrongKind(destination: Destination): ChatResult {
  return { kind: 'rejected', error: `Amazon Q cannot deliver to a destination of kind ${destination.kind}.` };
}
