import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BundledLambda } from '../../scripts/bundle-lambdas.ts';
import { motoMissing, resetMoto } from '../stand-ins/moto.ts';
import type { GateCall, GateFault } from './bundled-lambda/aws-gate.ts';
import { bundleAll } from './bundled-lambda/aws-home.ts';
import { giveBack, pollOnce, receive, sqsEvent, waitingIn } from './bundled-lambda/event-source.ts';
import { startLambda } from './bundled-lambda/lambda-process.ts';
import {
  bucketFinding,
  bucketsIn,
  SMALL_CONFIG,
  type SmallHome,
  smallHome,
  until,
} from './bundled-lambda/small-home.ts';

const MINUTE = 60_000;

type RecordedError = { readonly status: number; readonly body: unknown; readonly kind: string };
// Recorded from DynamoDB.
const THROTTLED = (
  JSON.parse(
    readFileSync(new URL('../../src/adapters/dynamodb/fixtures/aws-errors.json', import.meta.url), 'utf8'),
  ) as RecordedError[]
).filter(({ kind }) => kind === 'throttled');

describe.skipIf(motoMissing)('when something goes wrong, the bundled functions', () => {
  let bundles: Readonly<Record<string, BundledLambda>>;

  beforeAll(async () => {
    await resetMoto();
    bundles = await bundleAll();
  });

  /** The sweeper runs when so much time has passed. */
  async function sweepAfter(ms: number, { aws }: SmallHome): Promise<void> {
    await aws.passTime(ms);
    await (await aws.lambda('sweeper')).invoke({});
  }

  /** Starts a poll and kills its function once `isSo` holds; SQS hands the messages out again. */
  async function killDuring(name: 'router' | 'delivery', { aws }: SmallHome, isSo: () => boolean): Promise<void> {
    const poll = aws.poll(name);
    poll.catch(() => undefined);
    await until(isSo);
    await (await aws.lambda(name)).kill();
    await expect(poll).rejects.toThrow('ended');
  }

  test('accept and send the others of a batch when one event cannot be stored, and put that one aside after five tries', async () => {
    const home = await smallHome(bundles);
    const { aws, slack } = home;
    aws.gate.fault = ({ action, body }) =>
      action === 'dynamodb:TransactWriteItems' && body.includes('poison') ? ITEM_TOO_LARGE : undefined;
    await aws.send([bucketFinding('first'), bucketFinding('poison'), 'no JSON at all', bucketFinding('last')]);

    const polled = await aws.poll('router');
    await aws.pump();

    expect(polled.received).toBe(4);
    expect(polled.failed).toHaveLength(1);
    expect(bucketsIn(slack, '#payments')).toEqual(['first', 'last']);
    expect((await aws.store.unknownEvents(10)).map(({ raw }) => raw)).toEqual(['no JSON at all']);
    expect(await waitingIn(aws.queues.intake.deadLettersUrl)).toBe(1);
    expect((await aws.lambda('router')).log.join()).toContain('an event was not accepted and comes again');
  });

  test('tell once what SQS delivers twice', async () => {
    const { aws, slack } = await smallHome(bundles);
    await aws.send([bucketFinding('exports')]);
    const messages = await receive(aws.queues.intake, 10);
    const router = await aws.lambda('router');

    await router.invoke(sqsEvent(aws.queues.intake, messages));
    await router.invoke(sqsEvent(aws.queues.intake, messages));
    await aws.pump();

    expect(bucketsIn(slack, '#payments')).toEqual(['exports']);
    expect((await aws.store.outboxPage({})).total).toBe(1);
  });

  test('send what was stored by a router that crashed before it could tell delivery', async () => {
    const home = await smallHome(bundles);
    const { aws, slack } = home;
    aws.gate.fault = ({ action }) => (action === 'sqs:SendMessageBatch' ? 'hang' : undefined);
    await aws.send([bucketFinding('exports')]);
    await killDuring('router', home, () => aws.gate.calls.some(({ action }) => action === 'sqs:SendMessageBatch'));
    aws.gate.fault = undefined;

    await aws.pump();
    const before = bucketsIn(slack, '#payments');
    await sweepAfter(MINUTE, home);
    await aws.pump();

    expect(before).toEqual([]);
    expect(bucketsIn(slack, '#payments')).toEqual(['exports']);
  });

  test('recognise a message that Slack got before delivery was killed, and go on with it', async () => {
    const home = await smallHome(bundles);
    const { aws, slack } = home;
    slack.fail({ kind: 'hang-after', method: 'chat.postMessage' });
    await aws.send([bucketFinding('exports')]);
    await aws.poll('router');
    await killDuring('delivery', home, () => slack.messages('#payments').length === 1);

    await aws.pump();
    await sweepAfter(3 * MINUTE, home);
    await aws.pump();
    await aws.send([
      bucketFinding('exports', {
        'finding.Severity.Label': 'CRITICAL',
        'finding.UpdatedAt': '2026-01-04T13:00:00.000Z',
      }),
    ]);
    await aws.pump();

    expect(bucketsIn(slack, '#payments')).toEqual(['exports']);
    expect(slack.messages('#payments')[0]?.text).toContain('CRITICAL');
  });

  test('send again what Slack never got because delivery was killed', async () => {
    const home = await smallHome(bundles);
    const { aws, slack } = home;
    slack.fail({ kind: 'hang', method: 'chat.postMessage' });
    await aws.send([bucketFinding('exports'), bucketFinding('second')]);
    await aws.poll('router');
    await killDuring('delivery', home, () => slack.requests.length > 0);

    await sweepAfter(3 * MINUTE, home);
    await aws.pump();

    expect(bucketsIn(slack, '#payments')).toEqual(['exports', 'second']);
  });

  test('keep the order of a channel, with two deliveries at work', async () => {
    const { aws, slack } = await smallHome(bundles);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await aws.send(names.map((name) => bucketFinding(name)));
    await aws.poll('router');
    const other = await startLambda(bundles['delivery']?.file ?? '', aws.environment('delivery'));

    const pollOther = async () => pollOnce(aws.queues.delivery, 1, (event) => other.invoke(event));
    for (let moved = 1; moved > 0; ) {
      const polled = await Promise.all([aws.poll('delivery'), pollOther()]);
      moved = polled.reduce((sum, { received }) => sum + received, 0);
    }
    await other.kill();

    expect(bucketsIn(slack, '#payments')).toEqual(names);
  });

  test('leave a channel alone as long as Slack asks for, without holding up another', async () => {
    const home = await smallHome(bundles);
    const { aws, slack } = home;
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 100, method: 'chat.postMessage' });
    await aws.send([bucketFinding('exports')]);
    await aws.pump();
    await aws.send([bucketFinding('open', { 'finding.AwsAccountId': '444455556666' })]);
    await sweepAfter(MINUTE, home);
    await aws.pump();
    const during = [bucketsIn(slack, '#payments'), bucketsIn(slack, '#central')];

    await sweepAfter(MINUTE, home);
    await aws.pump();

    expect(during).toEqual([[], ['open']]);
    expect(bucketsIn(slack, '#payments')).toEqual(['exports']);
    expect(slack.requests.filter(({ args }) => args['channel'] === 'payments')).toHaveLength(2);
  });

  test('lose and double nothing while every third call is throttled', async () => {
    const { aws, slack } = await smallHome(bundles);
    const names = ['a', 'b', 'c', 'd'];
    const errors = throttling((nth) => nth % 3 === 0);
    aws.gate.fault = errors;
    await aws.send(names.map((name) => bucketFinding(name)));

    await aws.pump();

    expect(errors.used()).toEqual(THROTTLED.length);
    expect(bucketsIn(slack, '#payments')).toEqual(names);
  });

  test('give a batch back while the table takes nothing, and accept it later', async () => {
    const { aws, slack } = await smallHome(bundles);
    await aws.send([bucketFinding('exports')]);
    const router = await aws.lambda('router');
    await router.invoke({ Records: [] });
    aws.gate.fault = throttling(() => true);

    const refused = await aws.poll('router', 21_000);
    aws.gate.fault = undefined;
    await aws.pump();

    expect(refused.failed).toHaveLength(1);
    expect(bucketsIn(slack, '#payments')).toEqual(['exports']);
    expect(router.log.join()).toContain('store.throttled');
  });

  test('give back what the time of a run does not suffice for', async () => {
    const { aws } = await smallHome(bundles);
    aws.gate.fault = ({ action, body }) =>
      action === 'dynamodb:TransactWriteItems' && body.includes('poison') ? ITEM_TOO_LARGE : undefined;
    await aws.send([bucketFinding('poison'), bucketFinding('exports')]);
    const messages = await receive(aws.queues.intake, 10);
    const router = await aws.lambda('router');

    const answer = await router.invoke(sqsEvent(aws.queues.intake, messages), 20_000);

    expect(answer).toEqual({ batchItemFailures: messages.map(({ MessageId }) => ({ itemIdentifier: MessageId })) });
    for (const message of messages) await giveBack(aws.queues.intake, message);
  });

  test('report a delivery that failed, and what stood behind it, and no other', async () => {
    const { aws, slack } = await smallHome(bundles);
    aws.gate.fault = ({ caller, action, body }) =>
      caller === 'delivery' && action === 'dynamodb:Query' && body.includes('payments')
        ? { status: 400, body: { __type: 'ValidationException', message: 'Invalid KeyConditionExpression' } }
        : undefined;
    await aws.send([
      bucketFinding('a'),
      bucketFinding('b'),
      bucketFinding('open', { 'finding.AwsAccountId': '444455556666' }),
    ]);
    await aws.poll('router');

    const { received, failed } = await aws.poll('delivery');

    expect([received, failed.length]).toEqual([3, 2]);
    expect(bucketsIn(slack, '#central')).toEqual(['open']);
  });

  test('obey exceptions of yagura.yaml once the sweeper has run', async () => {
    const config = `${SMALL_CONFIG}
exceptions:
  - { type: S3.8, account: "111122223333", reason: "public on purpose", owner: hanako, expires: 2099-12-31 }
`;
    const home = await smallHome(bundles, config);
    const { aws, slack } = home;
    await sweepAfter(0, home);
    await sweepAfter(MINUTE, home);

    await aws.send([bucketFinding('exports')]);
    await aws.pump();

    expect(slack.messages()).toEqual([]);
    expect((await aws.store.exceptions()).map(({ owner, silenced }) => [owner, silenced])).toEqual([['hanako', 1]]);
  });
});

const ITEM_TOO_LARGE: GateFault = {
  status: 400,
  body: {
    __type: 'com.amazon.coral.validate#ValidationException',
    message: 'Item size has exceeded the maximum allowed size',
  },
};

/** Throttles calls to DynamoDB, with one recorded answer after the other. */
function throttling(isHit: (nth: number) => boolean): ((call: GateCall) => GateFault | undefined) & { used(): number } {
  const kinds = new Set<number>();
  let nth = 0;
  let hits = 0;
  const fault = ({ action }: GateCall): GateFault | undefined => {
    if (!action.startsWith('dynamodb:')) return undefined;
    nth += 1;
    if (!isHit(nth)) return undefined;
    const kind = hits++ % THROTTLED.length;
    kinds.add(kind);
    const { status = 400, body } = THROTTLED[kind] ?? {};
    return { status, body };
  };
  return Object.assign(fault, { used: () => kinds.size });
}
