import { afterEach, expect, test } from 'vitest';
import type { Sleeper } from '#ports/clock.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';
import { blockActionsPayload, viewSubmissionPayload } from '../../../test/stand-ins/slack/interactions.ts';
import { type SlackStandIn, startSlackStandIn } from '../../../test/stand-ins/slack/slack-stand-in.ts';
import { acceptRiskView } from './accept-risk-view.ts';
import { type SocketMode, startSocketMode } from './socket-mode.ts';

const CLICK = blockActionsPayload({
  actionId: 'yagura.acknowledge',
  value: 'guardduty:abc',
  channelId: 'C0000000001',
  ts: '1700000000.000001',
  triggerId: 'trigger-1',
});

type Started = {
  readonly slack: SlackStandIn;
  readonly socket: SocketMode;
  readonly received: SlackInteraction[];
  readonly log: string[];
  readonly pauses: number[];
};

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Work = (interaction: SlackInteraction, slack: SlackStandIn) => Promise<void>;

async function start(work: Work = async () => {}, prepare: (slack: SlackStandIn) => void = () => {}): Promise<Started> {
  const slack = await startSlackStandIn();
  cleanups.push(() => slack.stop());
  prepare(slack);
  const received: SlackInteraction[] = [];
  const log: string[] = [];
  const pauses: number[] = [];
  const note = (fields: object, message: string) => void log.push(`${message} ${JSON.stringify(fields)}`);
  // Pauses are noted, not waited for.
  const sleeper: Sleeper = {
    sleep: async (ms) => {
      pauses.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const socket = startSocketMode({
    appToken: slack.appToken,
    baseUrl: slack.apiUrl,
    logger: { info: note, warn: note, error: note },
    sleeper,
    onInteraction: async (interaction) => {
      received.push(interaction);
      await work(interaction, slack);
    },
  });
  cleanups.push(() => socket.stop());
  return { slack, socket, received, log, pauses };
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000 && !holds(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
}

test('answers a click before it starts to work', async () => {
  let acknowledgedBeforeWork: number | undefined;
  const gate = Promise.withResolvers<void>();
  const { slack, received, socket } = await start(async (_, slack) => {
    await gate.promise;
    acknowledgedBeforeWork = slack.acknowledgements().length;
  });
  await slack.waitForConnection(1);
  await until(() => socket.state() === 'connected');

  const id = slack.sendInteraction(CLICK);
  await until(() => slack.acknowledgements().length === 1);
  gate.resolve();
  await until(() => acknowledgedBeforeWork !== undefined);

  expect(slack.acknowledgements()).toMatchObject([{ envelopeId: id, payload: {} }]);
  expect(acknowledgedBeforeWork).toBe(1);
  expect(received).toMatchObject([{ kind: 'acknowledge', problem: 'guardduty:abc' }]);
});

test('shows the errors of a form in the form and does not work on it', async () => {
  const { slack, received, socket } = await start();
  await until(() => socket.state() === 'connected');
  const view = acceptRiskView({
    kind: 'accept-risk',
    language: 'ja',
    subject: 's',
    problem: 'guardduty:abc',
    channel: { id: 'C0000000001', name: null },
    messageTs: '1.1',
    threadTs: null,
  });

  slack.sendInteraction(viewSubmissionPayload({ view, values: { reason: { reason: { value: '短い' } } } }));
  await until(() => slack.acknowledgements().length === 1);

  expect(slack.acknowledgements()[0]?.payload).toMatchObject({
    response_action: 'errors',
    errors: { reason: '理由を 10 文字以上で入力してください。' },
  });
  expect(received).toEqual([]);
});

test('logs work that fails and goes on with the next click', async () => {
  const { slack, received, log, socket } = await start(async () => Promise.reject(new Error('store is down')));
  await until(() => socket.state() === 'connected');

  slack.sendInteraction(CLICK);
  slack.sendInteraction(CLICK);
  await until(() => received.length === 2);
  await until(() => log.filter((line) => line.includes('store is down')).length === 2);

  await until(() => slack.acknowledgements().length === 2);
});

test('connects again when Slack asks for it, when the connection breaks, and works on', async () => {
  const { slack, received, socket } = await start();
  await slack.waitForConnection(1);
  await until(() => socket.state() === 'connected');

  slack.sendDisconnect();
  await slack.waitForConnection(2);
  await until(() => socket.state() === 'connected');
  slack.dropConnections();
  await slack.waitForConnection(3);
  await until(() => socket.state() === 'connected');
  slack.sendInteraction(CLICK);
  await until(() => received.length === 1);

  await until(() => slack.acknowledgements().length === 1);
});

test('keeps trying with longer pauses while Slack cannot be reached, and says why', async () => {
  const { slack, socket, pauses, log } = await start(undefined, (slack) => {
    slack.fail({ kind: 'reset', times: 2 });
    slack.fail({ kind: 'http', status: 503, times: 2 });
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 1 });
    slack.fail({ kind: 'error', error: 'internal_error', times: 4 });
  });

  await slack.waitForConnection(1);
  await until(() => socket.state() === 'connected');

  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(log.filter((line) => line.includes('not connected'))).toHaveLength(9);
  expect(socket.lastError()).toBeNull();
});

test('names the next step for a wrong token, and shows no token and no ticket anywhere', async () => {
  const { slack, socket, log } = await start(undefined, (slack) => {
    slack.fail({ kind: 'error', error: 'not_allowed_token_type', times: 3 });
  });
  await until(() => socket.state() === 'connected');
  slack.dropConnections();
  await slack.waitForConnection(2);

  expect(log.join('\n')).toContain('app-level token (xapp-…)');
  expect(log.join('\n')).not.toMatch(/stand-in-0000000000-secret|ticket-secret/);
});

test('stops in every state: before, during and after a connection', async () => {
  const connected = await start();
  await until(() => connected.socket.state() === 'connected');
  const connecting = await start();
  const unreachable = await start(undefined, (slack) => slack.fail({ kind: 'reset', times: Number.POSITIVE_INFINITY }));
  await until(() => unreachable.pauses.length > 2);
  const all = [connected, connecting, unreachable];

  await Promise.all(all.map(({ socket }) => socket.stop()));
  const requests = unreachable.slack.requests.length;
  await new Promise((resolve) => setImmediate(resolve));

  expect(all.map(({ socket }) => socket.state())).toEqual(['stopped', 'stopped', 'stopped']);
  expect(unreachable.slack.requests).toHaveLength(requests);
});

test('does not die of what it cannot understand', async () => {
  const { slack, received, log, socket } = await start();
  await until(() => socket.state() === 'connected');

  for (const payload of [null, [], 'text', { type: 'block_actions' }, { type: 'shortcut' }])
    slack.sendInteraction(payload);
  slack.sendInteraction(CLICK);
  await until(() => received.length === 1);

  await until(() => slack.acknowledgements().length === 6);
  expect(log.filter((line) => line.includes('cannot be understood'))).toHaveLength(4);
});
