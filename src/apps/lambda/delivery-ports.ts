import { SNSClient } from '@aws-sdk/client-sns';
import { createAmazonQChat } from '#adapters/amazon-q/amazon-q-chat.ts';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createStorePacer } from '#adapters/pacer/store-pacer.ts';
import { createChatRouter } from '#adapters/slack/chat-router.ts';
import { createSlackWebChat } from '#adapters/slack/slack-web-chat.ts';
import { createSlackWebhookChat } from '#adapters/slack/slack-webhook-chat.ts';
import type { Container, Env } from '#apps/lambda/container.ts';
import type { Hub } from '#apps/lambda/hub.ts';
import { secretsOf } from '#apps/lambda/secrets.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { centralOf } from '#engine/delivery/tell-central.ts';
import type { Chat } from '#ports/chat.ts';
import type { SecretSource } from '#ports/secret-source.ts';

const SLACK_INTERVAL_MS = 1_000;

/** Gives what delivery needs, over one hub after the other; ways to people and what they learned stay with the container. */
export function deliveryPortsOf(container: Container): (hub: Hub) => DeliveryPorts {
  const { env, store, clock, sleeper, random, log } = container;
  const own = {
    ...{ store, clock, sleeper, random },
    chat: chatOf(env, secretsOf(container)),
    renderer: createRenderer(),
    pacer: createStorePacer(store),
    intervalMs: (destination) => (destination.kind === 'amazon-q' ? 0 : SLACK_INTERVAL_MS),
    log: (event) => log[event.level]({ destination: event.destinationKey, detail: event.detail }, event.message),
  } satisfies Partial<DeliveryPorts>;
  return ({ config, policy, directory }) => {
    const { accessPortal } = config.organization;
    const { publicUrl } = config.server;
    return {
      ...own,
      ...centralOf(policy),
      directory: () => directory.current().directory,
      links: {
        ...(publicUrl === undefined ? {} : { consoleUrl: publicUrl }),
        ...(accessPortal === undefined ? {} : { accessPortal }),
      },
    };
  };
}

function chatOf(env: Env, secrets: SecretSource): Chat {
  const base = env['YAGURA_SLACK_API_URL'];
  return createChatRouter({
    slack: createSlackWebChat({
      token: () => secrets.secret('slackBotToken'),
      ...(base === undefined ? {} : { baseUrl: base }),
    }),
    webhook: createSlackWebhookChat({
      resolveUrl: (name) => secrets.secret(`webhook:${name}`),
      ...(base === undefined ? {} : { allowedOrigins: [new URL(base).origin] }),
    }),
    amazonQ: createAmazonQChat({ sns: (region) => createAwsClients({ region })(SNSClient) }),
  });
}
