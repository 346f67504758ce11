import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type SlackStandIn, startSlackStandIn } from '../../../test/stand-ins/slack/slack-stand-in.ts';
import { createSlackResponder } from './slack-responder.ts';
import { createSlackWebChat } from './slack-web-chat.ts';

const manifest = z.object({
  display_information: z.object({ name: z.string().max(35), description: z.string().max(140) }),
  oauth_config: z.object({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.object({
    interactivity: z.object({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.literal(true),
  }),
});

const NOW = 1_700_000_000_000;
const MESSAGE = { text: 'text', blocks: [] };
const SOC = { kind: 'slack', channel: '#soc' } as const;

let slack: SlackStandIn | undefined;
afterEach(async () => {
  await slack?.stop();
  slack = undefined;
});

async function scopesInManifest(): Promise<string[]> {
  const text = await readFile(new URL('../../../docs/slack-app-manifest.yaml', import.meta.url), 'utf8');
  return manifest.parse(parse(text)).oauth_config.scopes.bot;
}

/** Everything the adapters ever ask of Slack, in a public and a private channel. */
async function useEverything(scopes: readonly string[]): Promise<readonly string[]> {
  const channels = ['#soc', { name: 'secret', private: true }];
  slack = await startSlackStandIn({ channels, scopes, now: () => NOW, minimumIntervalMs: 0 });
  const options = { token: slack.botToken, baseUrl: slack.apiUrl };
  const responder = createSlackResponder(options);
  for (const channel of ['#soc', '#secret']) {
    const chat = createSlackWebChat(options);
    const sent = await chat.post({ destination: { ...SOC, channel }, message: MESSAGE, idempotencyKey: 'item-1' });
    const search = { destination: { ...SOC, channel }, idempotencyKey: 'item-1', since: NOW };
    await createSlackWebChat(options).findPosted(search);
    if (sent.kind !== 'sent' || sent.channelId === null || sent.ts === null) continue;
    const { channelId, ts } = sent;
    await chat.edit({ destination: { ...SOC, channel }, channelId, ts, message: MESSAGE });
    await chat.findPosted({ ...search, threadTs: ts });
    await responder.reply({ channelId, threadTs: ts }, MESSAGE);
    await responder.postEphemeral({ channelId, userId: 'U1', threadTs: null }, MESSAGE);
  }
  return slack.requests.filter(({ error }) => error !== null).map(({ method, error }) => `${method} ${error}`);
}

test('the manifest asks for every scope the adapters need', async () => {
  expect(await useEverything(await scopesInManifest())).toEqual([]);
});

test('the manifest asks for no scope that is not needed', async () => {
  const scopes = await scopesInManifest();
  for (const scope of scopes) {
    const failures = await useEverything(scopes.filter((other) => other !== scope));
    await slack?.stop();
    expect([scope, failures]).not.toEqual([scope, []]);
  }
});
