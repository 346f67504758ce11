import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatPost } from '#ports/chat.ts';
import { describeChat } from '../../../test/contract/chat.contract.ts';
import { createAmazonQChat, customNotification } from './amazon-q-chat.ts';

const TOPIC = { kind: 'amazon-q', topicArn: 'arn:aws:sns:ap-northeast-1:111122223333:yagura-payments' } as const;

const PUBLISHED = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult><ResponseMetadata><RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata></PublishResponse>`;
const refusal = (code: string, message: string) =>
  `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>9dd01905-5012-5f99-8663-4b3ecd0dfaef</RequestId></ErrorResponse>`;

type Answer = { readonly status: number; readonly body: string } | 'reset';
type SnsStandIn = {
  readonly client: SNSClient;
  readonly published: { readonly topicArn: string | null; readonly message: string }[];
  answerNext(answer: Answer, times?: number): void;
  acceptThenReset(): void;
  stop(): Promise<void>;
};

/** SNS's Publish over its query protocol, as far as these tests need it. */
async function startSns(): Promise<SnsStandIn> {
  const published: SnsStandIn['published'] = [];
  const answers: { answer: Answer; left: number; accept: boolean }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const planned = answers[0];
      if (planned !== undefined && --planned.left <= 0) answers.shift();
      if (planned === undefined || planned.accept) {
        published.push({ topicArn: form.get('TopicArn'), message: form.get('Message') ?? '' });
      }
      if (planned?.answer === 'reset') return void request.socket.destroy();
      const { status, body } = planned?.answer ?? { status: 200, body: PUBLISHED };
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new SNSClient({
    // A listening TCP server's address is never a pipe name.
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'very-secret-key' },
    maxAttempts: 1,
  });
  return {
    client,
    published,
    answerNext: (answer, times = 1) => void answers.push({ answer, left: times, accept: false }),
    acceptThenReset: () => void answers.push({ answer: 'reset', left: 1, accept: true }),
    async stop() {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

describeChat('Amazon Q through SNS', async () => {
  const sns = await startSns();
  return {
    chat: createAmazonQChat({ sns: sns.client }),
    destination: TOPIC,
    foreign: { kind: 'slack', channel: '#soc' },
    remembers: false,
    received: () => sns.published.map(({ message }) => message),
    limitOnce: () => sns.answerNext({ status: 429, body: refusal('Throttled', 'Rate exceeded') }),
    breakOnce: () => sns.answerNext({ status: 500, body: refusal('InternalError', 'An internal error occurred') }),
    loseAnswerOnce: () => sns.acceptThenReset(),
    endDestination: () => sns.answerNext({ status: 404, body: refusal('NotFound', 'Topic does not exist') }, 1e9),
    secret: 'very-secret-key',
    now: () => 1_700_000_000_000,
    stop: () => sns.stop(),
  };
});

const POST: ChatPost = {
  destination: TOPIC,
  idempotencyKey: 'item-1',
  threadName: 'guardduty:abc',
  message: {
    text: 'CRITICAL: a miner runs in payments-prod (111122223333)',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'A miner runs in payments-prod (111122223333)' } },
      { type: 'section', text: { type: 'mrkdwn', text: '*Isolate* `i-0abcd1234` &amp; rotate the key' } },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*Region* eu-west-1' },
          { type: 'plain_text', text: 'a<b' },
        ],
      },
      { type: 'divider' },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: 'seen 4 times' },
          { type: 'mrkdwn', text: 'since 10:00' },
        ],
      },
      {
        type: 'actions',
        block_id: 'yagura',
        elements: [
          { type: 'button', action_id: 'yagura.why', text: { type: 'plain_text', text: 'Why?' }, value: 'x' },
          {
            type: 'button',
            action_id: 'open',
            text: { type: 'plain_text', text: 'Open' },
            url: 'https://example.com/?a=1|2',
          },
          { type: 'button', action_id: 'bad', text: { type: 'plain_text', text: 'Bad' }, url: 'javascript:alert(1)' },
        ],
      },
    ],
  },
};

type Content = { title: string; description: string; nextSteps?: string[] };
function contentOf(post: ChatPost): Content {
  // customNotification always builds a content of this form.
  return customNotification(post)['content'] as Content;
}
const withBlocks = (blocks: readonly unknown[], text = 'text'): ChatPost => ({ ...POST, message: { text, blocks } });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

test('follows the custom notification schema', () => {
  expect(customNotification(POST)).toEqual({
    version: '1.0',
    source: 'custom',
    id: 'item-1',
    content: {
      textType: 'client-markdown',
      title: 'A miner runs in payments-prod (111122223333)',
      description:
        '*Isolate* `i-0abcd1234` &amp; rotate the key\n*Region* eu-west-1\na&lt;b\nseen 4 times  since 10:00',
      nextSteps: ['<https://example.com/?a=1%7C2|Open>'],
    },
    metadata: {
      summary: 'CRITICAL: a miner runs in payments-prod (111122223333)',
      threadId: 'guardduty:abc',
    },
  });
});

test('always has a title and a description, also for an empty message', () => {
  expect(contentOf(withBlocks([], ''))).toEqual({ textType: 'client-markdown', title: 'Yagura', description: '-' });
  expect(contentOf(withBlocks([], 'one\ntwo'))).toMatchObject({ title: 'one', description: 'one\ntwo' });
});

test('keeps to the limits, says how much is missing, and cuts no character or escape in two', () => {
  const long = contentOf(
    withBlocks([
      { type: 'header', text: { type: 'plain_text', text: '<'.repeat(300) } },
      section('🙂'.repeat(2_000)),
      section('&amp;'.repeat(2_000)),
    ]),
  );

  expect(long.title.length).toBeLessThanOrEqual(250);
  expect(long.description.length).toBeLessThanOrEqual(8_000);
  expect(long.title).toMatch(/^(?:&lt;)+… \(\+\d+\)$/);
  expect(long.description).toMatch(/(?:&amp;)… \(\+\d+\)$/);
  expect(long.description.isWellFormed()).toBe(true);
});

test('a long thread name becomes a short one that is the same every time', () => {
  const threadName = 'x'.repeat(2_000);
  const ids = [POST, { ...POST, threadName }, { ...POST, threadName }].map(
    (post) => (customNotification(post)['metadata'] as { threadId: string }).threadId,
  );

  expect(ids[1]).toMatch(/^[0-9a-f]{64}$/);
  expect(ids[1]).toBe(ids[2]);
});

describe('hostile text', () => {
  test('in plain text is shown and does nothing', () => {
    const { title } = contentOf(
      withBlocks([
        { type: 'header', text: { type: 'plain_text', text: '<!channel> <https://evil|x> *b* `c` @Amazon Q run' } },
      ]),
    );

    expect(title).toBe('&lt;!channel&gt; &lt;https://evil|x&gt; ∗b∗ ˋcˋ @\u200bAmazon Q run');
  });

  test('in mrkdwn mentions nobody, whatever a formatter let through', () => {
    const mrkdwn =
      '<!channel> <!here|all> <!subteam^S012AB3CD|@team> <@U012AB3CD> <#C012AB3CD|soc> <!date^1700000000^{date}|14 Nov>';

    expect(contentOf(withBlocks([section(mrkdwn)])).description).toBe('channel all @team U012AB3CD soc 14 Nov');
  });

  test('of any kind gives a notification within limits and without mentions', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const block = fc.oneof(
      fc.record({ type: fc.constant('header'), text: fc.record({ type: fc.constant('plain_text'), text }) }),
      fc.record({
        type: fc.constant('section'),
        text: fc.record({ type: fc.constantFrom('mrkdwn', 'plain_text'), text }),
      }),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 60 }), text, (blocks, fallback) => {
        const { title, description } = contentOf(withBlocks(blocks, fallback));
        expect(title.length > 0 && title.length <= 250 && description.length > 0 && description.length <= 8_000).toBe(
          true,
        );
        expect(`${title}${description}`.isWellFormed()).toBe(true);
        expect(`${title}${description}`).not.toMatch(/<!(?:channel|here|everyone)/);
      }),
    );
  });
});

describe('what SNS refuses', () => {
  const REFUSED: [number, string, 'rejected' | 'busy' | 'unavailable'][] = [
    [403, 'AuthorizationError', 'rejected'],
    [400, 'InvalidParameter', 'rejected'],
    [400, 'KMSAccessDenied', 'rejected'],
    [400, 'KMSDisabled', 'rejected'],
    [400, 'KMSThrottling', 'busy'],
    [400, 'ThrottlingException', 'busy'],
    [403, 'ExpiredToken', 'unavailable'],
    [403, 'SomethingNew', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
  ];
  test.each(REFUSED)('HTTP %i %s is %s', async (status, code, kind) => {
    const sns = await startSns();
    sns.answerNext({ status, body: refusal(code, 'said SNS') });

    const result = await createAmazonQChat({ sns: sns.client }).post(POST);
    await sns.stop();

    expect(result.kind).toBe(kind);
    if (result.kind === 'rejected') expect(result.error).toContain(TOPIC.topicArn);
  });

  test.each([
    'yagura-payments',
    'arn:aws:sns:eu-west-1:111122223333:yagura.fifo',
    'arn:aws:sqs:eu-west-1:111122223333:yagura',
    'arn:aws:sns:eu-west-1:1234:yagura',
  ])('%s is no standard topic and is rejected without a request', async (topicArn) => {
    const chat = createAmazonQChat({ sns: { send: async () => Promise.reject(new Error('a request was sent')) } });

    const result = await chat.post({ ...POST, destination: { kind: 'amazon-q', topicArn } });

    expect(result).toMatchObject({ kind: 'rejected', error: expect.stringContaining('Correct it in yagura.yaml') });
  });
});

test('publishes in the Region of the topic', async () => {
  const sns = await startSns();
  const regions: string[] = [];
  const chat = createAmazonQChat({
    sns: (region) => {
      regions.push(region);
      return sns.client;
    },
  });

  await chat.post(POST);
  await sns.stop();

  expect(regions).toEqual(['ap-northeast-1']);
  expect(sns.published).toMatchObject([{ topicArn: TOPIC.topicArn }]);
  expect(JSON.parse(sns.published[0]?.message ?? '')).toEqual(customNotification(POST));
});
