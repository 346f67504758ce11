import { beforeAll, describe, expect, test } from 'vitest';
import type { HttpAnswer } from '#apps/lambda/lambda-event.ts';
import type { BundledLambda } from '../../scripts/bundle-lambdas.ts';
import { motoMissing, resetMoto } from '../stand-ins/moto.ts';
import { bundleAll } from './bundled-lambda/aws-home.ts';
import { receive, sqsEvent, waitingIn } from './bundled-lambda/event-source.ts';
import { type Bent, clicked, slackEvent, submitted } from './bundled-lambda/slack-clicks.ts';
import { bucketFinding, type SmallHome, smallHome } from './bundled-lambda/small-home.ts';

/** Slack waits this long for an answer. */
const SLACK_PATIENCE_MS = 3_000;

describe.skipIf(motoMissing)('buttons of Slack, with the bundled functions', () => {
  let bundles: Readonly<Record<string, BundledLambda>>;

  beforeAll(async () => {
    await resetMoto();
    bundles = await bundleAll();
  });

  async function homeWithMessage(): Promise<SmallHome> {
    const home = await smallHome(bundles);
    await home.aws.send([bucketFinding('exports')]);
    await home.aws.pump();
    return home;
  }

  async function post({ aws }: SmallHome, payload: unknown, bent: Bent = {}): Promise<HttpAnswer> {
    return await (await aws.lambda('slack-endpoint')).invoke<HttpAnswer>(slackEvent(payload, bent));
  }

  test('acknowledge: answered in time by a cold function, done by the worker, shown in the message', async () => {
    const home = await homeWithMessage();
    const { aws, slack } = home;
    const start = performance.now();

    const answer = await post(home, clicked(slack, '#payments', 'yagura.acknowledge'));
    const took = performance.now() - start;
    await aws.pump();

    expect(answer).toMatchObject({ statusCode: 200, body: '' });
    expect(took).toBeLessThan(SLACK_PATIENCE_MS);
    const [message, answered] = slack.messages('#payments');
    expect(JSON.stringify(message?.blocks)).toContain('hanako');
    expect(answered).toMatchObject({ ephemeralFor: 'U0000000042', text: expect.stringContaining('hanako') });
    expect((await aws.store.problemPage({})).items[0]).toMatchObject({ acknowledgedBy: 'hanako' });
    expect(await aws.store.auditEntries(0, 10)).toMatchObject([
      { actor: 'slack:U0000000042', action: 'finding.acknowledge' },
    ]);
  });

  test('assign and why work from a body that API Gateway sends in base64', async () => {
    const home = await homeWithMessage();
    const { aws, slack } = home;

    await post(home, clicked(slack, '#payments', 'yagura.assign'), { isBase64Encoded: true });
    await post(home, clicked(slack, '#payments', 'yagura.why'), { isBase64Encoded: true });
    await aws.pump();

    expect((await aws.store.problemPage({})).items[0]).toMatchObject({ assignedTo: 'hanako' });
    expect(slack.messages('#payments').filter(({ ephemeralFor }) => ephemeralFor !== null)).toHaveLength(2);
  });

  test('accept risk: the form is there before the trigger ends, and what it says is done once', async () => {
    const home = await homeWithMessage();
    const { aws, slack } = home;

    const opened = await post(home, clicked(slack, '#payments', 'yagura.accept-risk'));
    const sent = await post(home, submitted(slack, 'This bucket is a public web site.'));
    const messages = await receive(aws.queues.slack, 1);
    const worker = await aws.lambda('slack-worker');
    await worker.invoke(sqsEvent(aws.queues.slack, messages));
    await worker.invoke(sqsEvent(aws.queues.slack, messages));
    await aws.pump();

    expect([opened.statusCode, sent.statusCode, sent.body]).toEqual([200, 200, '']);
    expect(slack.views).toHaveLength(1);
    expect(JSON.stringify(slack.views[0]?.view)).toContain('payments-prod');
    expect(await aws.store.exceptions()).toMatchObject([
      { reason: 'This bucket is a public web site.', owner: 'hanako', createdBy: 'slack:U0000000042' },
    ]);
    expect(await aws.store.auditEntries(0, 10)).toMatchObject([{ action: 'exception.add' }]);
  });

  test('a form that is not filled in is told so at once', async () => {
    const home = await homeWithMessage();
    await post(home, clicked(home.slack, '#payments', 'yagura.accept-risk'));

    const answer = await post(home, submitted(home.slack, 'no'));

    expect(JSON.parse(answer.body)).toMatchObject({
      response_action: 'errors',
      errors: { reason: expect.any(String) },
    });
    expect(await waitingIn(home.aws.queues.slack.url)).toBe(0);
  });

  test('a form that cannot be opened in time is refused instead of keeping Slack waiting', async () => {
    const home = await homeWithMessage();
    await post(home, clicked(home.slack, '#payments', 'yagura.why'));
    home.aws.gate.fault = ({ caller, action }) =>
      caller === 'slack-endpoint' && action.startsWith('dynamodb:') ? 'hang' : undefined;
    const start = performance.now();

    const answer = await post(home, clicked(home.slack, '#payments', 'yagura.accept-risk'));

    expect(answer.statusCode).toBe(503);
    expect(performance.now() - start).toBeLessThan(SLACK_PATIENCE_MS);
    expect(home.slack.views).toEqual([]);
  });

  test.each([
    ['signed with another secret', { secret: '00000000000000000000000000000000' }],
    ['signed six minutes ago', { at: Date.now() - 6 * 60_000 }],
  ])('a request %s changes nothing', async (_what, bent) => {
    const home = await homeWithMessage();

    const answer = await post(home, clicked(home.slack, '#payments', 'yagura.acknowledge'), bent);
    await home.aws.pump();

    expect(answer.statusCode).toBe(401);
    expect((await home.aws.store.problemPage({})).items[0]).toMatchObject({ acknowledgedBy: null });
  });

  test('a click that cannot be handed on is refused, so that Slack says so', async () => {
    const home = await homeWithMessage();
    home.aws.gate.fault = ({ caller, action }) =>
      caller === 'slack-endpoint' && action.startsWith('sqs:')
        ? { status: 403, body: { __type: 'AccessDenied' } }
        : undefined;

    const answer = await post(home, clicked(home.slack, '#payments', 'yagura.acknowledge'));

    expect(answer.statusCode).toBe(503);
  });

  test('no secret of Slack reaches a log', async () => {
    const home = await homeWithMessage();
    await post(home, clicked(home.slack, '#payments', 'yagura.acknowledge'));
    home.slack.setToken('revoked');
    await home.aws.poll('slack-worker');
    await home.aws.poll('delivery', 61_000);

    const logs = await Promise.all(
      (['slack-endpoint', 'slack-worker', 'delivery', 'router'] as const).map(
        async (name) => (await home.aws.lambda(name)).log,
      ),
    );

    expect(logs.flat().join('\n')).toContain('token_revoked');
    expect(logs.flat().join('\n')).not.toMatch(/xox|8f742231b10e/);
  });
});
