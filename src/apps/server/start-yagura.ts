import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { type Assembly, assemble } from '#apps/server/assemble.ts';
import { directorySource } from '#apps/server/aws-sources.ts';
import { startBackground } from '#apps/server/background.ts';
import { connectSlack, type SlackConnection } from '#apps/server/connect-slack.ts';
import { httpApp } from '#apps/server/http-app.ts';
import type { Installation } from '#apps/server/installation.ts';
import { listen } from '#apps/server/listen.ts';
import { loadSample, sampleConfigText } from '#apps/server/sample.ts';
import type { Config } from '#core/config/config-schema.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { configExceptions, exceptionChanges } from '#core/notification/config-exceptions.ts';
import { startDelivery } from '#engine/delivery/delivery-loop.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
import { keepDirectory } from '#engine/keep-directory.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import type { StateStore } from '#ports/state-store.ts';

export type StartOptions = {
  readonly dataDir: string;
  /** Text of yagura.yaml; undefined runs the sample organization. */
  readonly configText: string | undefined;
  readonly port: number | undefined;
  readonly host: string | undefined;
  readonly secrets: SecretSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly consoleDir: string;
  readonly version: string;
};

export type Running = {
  readonly url: string;
  readonly isSample: boolean;
  readonly yagura: Installation;
  /** Resolves when the sample organization is loaded. */
  readonly sampleLoaded: Promise<void>;
  stop(): Promise<void>;
};

/** Starts the embedded home: one process, one folder of data. */
export async function startYagura(options: StartOptions): Promise<Running> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const isSample = options.configText === undefined;
  const store = openSqliteStore({ path: join(options.dataDir, isSample ? 'sample.db' : 'yagura.db') });
  const clock = createSystemClock();
  const config = readConfig(options.configText ?? (await sampleConfigText(store, clock)));
  await storeConfigExceptions(config, store, clock.now());
  const sleeper = createSystemSleeper();
  const slack = await connectSlack(isSample ? undefined : options.secrets, options.env, sleeper);
  const directory = await keepDirectory(config, directorySource(config, clock), { store, clock });
  const assembly = assemble({
    ...options,
    config,
    isSample,
    store,
    clock,
    directory,
    slack,
    sleeper,
    random: createSystemRandom(),
  });
  return begin(assembly, slack, options);
}

async function begin(
  { yagura, intake, delivery, begin }: Assembly,
  slack: SlackConnection,
  options: StartOptions,
): Promise<Running> {
  const { config, store, changes, isSample } = yagura;
  const host = options.host ?? config.server.host;
  refuseOpenHost(host);
  const allowedHosts = config.server.publicUrl === undefined ? [] : [new URL(config.server.publicUrl).hostname];
  const app = httpApp(yagura, {
    consoleDir: options.consoleDir,
    allowedHosts,
    isLoopback: true,
    ...slack.endpoint(yagura),
  });
  const server = await listen(app, host, options.port ?? config.server.port);
  // Every claim in this store was made by a process that is gone.
  await recoverClaims(yagura.clock.now() + 1, delivery);
  const loop = startDelivery(delivery, (items) => changes.note({ messages: items, deliveries: items }));
  begin(loop, config.server.publicUrl ?? server.url);
  const inboxDir = config.intake.inbox ?? join(options.dataDir, 'inbox');
  const background = startBackground(yagura, { intake, delivery, slack, inboxDir, sleeper: delivery.sleeper });
  const sampleLoaded = isSample ? loadSample(yagura) : Promise.resolve();
  sampleLoaded.catch((thrown: unknown) =>
    yagura.log.error({ err: thrown }, 'the sample organization could not be loaded'),
  );
  const stop = async () => {
    await server.close();
    await background.stop();
    await loop.stop();
    changes.stop();
    await store.close();
  };
  return { url: server.url, isSample, yagura, sampleLoaded, stop };
}

function readConfig(text: string): Config {
  const { config, problems } = parseConfig(text);
  if (config !== undefined) return config;
  throw new YaguraError(
    'config.invalid',
    `yagura.yaml has ${problems.length} problems; see them with: yagura config check`,
  );
}

async function storeConfigExceptions(config: Config, store: StateStore, now: number): Promise<void> {
  const changes = exceptionChanges(await store.exceptions(), configExceptions(config, now), now);
  for (const exception of changes) await store.saveException(exception);
}

function refuseOpenHost(host: string): void {
  if (['127.0.0.1', 'localhost', '::1'].includes(host)) return;
  const advice = 'sign-in is not built in yet. Put a reverse proxy with sign-in in front of 127.0.0.1.';
  throw new YaguraError('not-allowed', `The console listens on loopback only, not on ${host}: ${advice}`);
}
