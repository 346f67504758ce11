import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#adapters/logger/logger.ts';
import { createEnvironmentSecrets } from '#adapters/secrets/environment-secrets.ts';
import { type Running, startYagura } from '#apps/server/start-yagura.ts';
import type { SlackStandIn } from '../../stand-ins/slack/slack-stand-in.ts';

/** The embedded home, whole, on a folder of its own; the accounts come from where AWS_ENDPOINT_URL leads. */
export type EmbeddedHome = {
  send(events: readonly unknown[]): Promise<void>;
  /** Resolves when everything that is due was delivered. */
  drained(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it and waits for the accounts. */
export async function startEmbeddedHome(
  configText: string,
  slack: SlackStandIn,
  webhooks: readonly string[],
): Promise<EmbeddedHome> {
  const folder = await mkdtemp(join(tmpdir(), 'yagura-embedded-'));
  const urls = webhooks.map((name) => [
    `YAGURA_WEBHOOK_${name.toUpperCase().replaceAll('-', '_')}`,
    slack.webhookUrl(name),
  ]);
  const env = {
    YAGURA_SLACK_BOT_TOKEN: slack.botToken,
    YAGURA_SLACK_API_URL: slack.apiUrl,
    ...Object.fromEntries(urls),
  };
  const running = await startYagura({
    ...{ configText, env, dataDir: folder, consoleDir: folder, port: 0, host: '127.0.0.1', version: 'test' },
    secrets: createEnvironmentSecrets({ env }),
    log: createLogger({ level: 'silent' }),
  });
  await waitForAccounts(running);
  return {
    send: async (events) => {
      const answer = await fetch(`${running.url}/events`, { method: 'POST', body: JSON.stringify(events) });
      if (answer.status !== 202) throw new Error(`POST /events: ${answer.status} ${await answer.text()}`);
    },
    drained: () => running.yagura.delivery().drained(),
    stop: () => running.stop(),
  };
}

async function waitForAccounts({ yagura }: Running): Promise<void> {
  const { readAt, error } = await yagura.directory.refresh();
  if (readAt === null) throw new Error(`the accounts could not be read: ${error}`);
}
