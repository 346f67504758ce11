import { SNSClient } from '@aws-sdk/client-sns';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createAmazonQChat } from '#adapters/amazon-q/amazon-q-chat.ts';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createFeedChat } from '#adapters/feed/feed-chat.ts';
import { createChatRouter } from '#adapters/slack/chat-router.ts';
import { handleSlackRequest } from '#adapters/slack/handle-slack-request.ts';
import { createSlackResponder } from '#adapters/slack/slack-responder.ts';
import { createSlackWebChat } from '#adapters/slack/slack-web-chat.ts';
import { createSlackWebhookChat } from '#adapters/slack/slack-webhook-chat.ts';
import { startSocketMode } from '#adapters/slack/socket-mode.ts';
import type { Installation } from '#apps/server/installation.ts';
import type { Destination } from '#core/notification/destination.ts';
import { actOnSlack } from '#engine/act-on-slack.ts';
import type { Chat } from '#ports/chat.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';

const SLACK_INTERVAL_MS = 1_000;
/** Slack's own requests have some kilobytes; the signature can be checked only when all of it is there. */
const MAX_REQUEST = 1024 * 1024;

export type SlackConnection = {
  readonly isConnected: boolean;
  readonly chat: Chat;
  readonly intervalMs: (destination: Destination) => number;
  /** The interactivity URL, where a signing secret is set. */
  endpoint(yagura: Installation): { slack?: Hono };
  /** Socket Mode, where an app token is set; no public address is needed then. */
  startSocket(yagura: Installation): Promise<{ stop(): Promise<void> } | undefined>;
};

/** Chooses the ways to people: Slack and webhooks where secrets are set, else the console's feed alone. */
export async function connectSlack(
  secrets: SecretSource | undefined,
  env: Readonly<Record<string, string | undefined>>,
  sleeper: Sleeper,
): Promise<SlackConnection> {
  const token = await secrets?.secret('slackBotToken');
  const feed = createFeedChat();
  if (secrets === undefined)
    return {
      isConnected: false,
      chat: feed,
      intervalMs: () => 0,
      endpoint: () => ({}),
      startSocket: async () => undefined,
    };
  const base = env['YAGURA_SLACK_API_URL'];
  const api = { token: () => secrets.secret('slackBotToken'), ...(base === undefined ? {} : { baseUrl: base }) };
  const webhook = createSlackWebhookChat({
    resolveUrl: (name) => secrets.secret(`webhook:${name}`),
    ...(base === undefined ? {} : { allowedOrigins: [new URL(base).origin] }),
  });
  const amazonQ = createAmazonQChat({ sns: (region) => createAwsClients({ region })(SNSClient) });
  const chat = createChatRouter({ slack: token === undefined ? feed : createSlackWebChat(api), webhook, amazonQ });
  const act = (interaction: SlackInteraction, yagura: Installation) =>
    actOnSlack(interaction, {
      ...yagura,
      responder: createSlackResponder(api),
      directory: () => yagura.directory.current().directory,
    }).finally(() => {
      yagura.changes.note({ findings: 1, deliveries: 1 });
      yagura.delivery().wake();
    });
  return {
    isConnected: token !== undefined,
    chat,
    intervalMs: (destination) =>
      destination.kind === 'slack' && token === undefined ? 0 : destination.kind === 'amazon-q' ? 0 : SLACK_INTERVAL_MS,
    endpoint: (yagura) => ({ slack: slackEndpoint(secrets, (interaction) => act(interaction, yagura), yagura) }),
    startSocket: async (yagura) => {
      const appToken = await secrets.secret('slackAppToken');
      if (appToken === undefined) return undefined;
      return startSocketMode({
        appToken,
        onInteraction: (interaction) => act(interaction, yagura),
        logger: yagura.log,
        sleeper,
        ...(base === undefined ? {} : { baseUrl: base }),
      });
    },
  };
}

function slackEndpoint(
  secrets: SecretSource,
  act: (interaction: SlackInteraction) => Promise<void>,
  yagura: Installation,
): Hono {
  const app = new Hono();
  app.post(
    '/interactivity',
    bodyLimit({ maxSize: MAX_REQUEST, onError: (c) => c.text('Too large.', 413) }),
    async (c) => {
      const signingSecret = await secrets.secret('slackSigningSecret');
      if (signingSecret === undefined) return c.text('Slack requests are not accepted: no signing secret is set.', 404);
      const rawBody = new Uint8Array(await c.req.arrayBuffer());
      // Slack is answered at once; the work goes on after.
      const enqueue = (interaction: SlackInteraction) =>
        void act(interaction).catch((thrown: unknown) =>
          yagura.log.error({ err: thrown }, 'a Slack interaction failed'),
        );
      const answer = await handleSlackRequest({
        rawBody,
        headers: c.req.header(),
        now: yagura.clock.now(),
        signingSecret,
        enqueue,
      });
      if (answer.note !== undefined) yagura.log.info({ status: answer.status }, `Slack request: ${answer.note}`);
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  );
  return app;
}
