import { join } from 'node:path';
import type { Logger } from 'pino';
import { type DataFolderLock, lockDataFolder } from '#adapters/data-folder/lock-data-folder.ts';
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
import { createLakeAccess } from '#apps/server/lake-access.ts';
import { listen } from '#apps/server/listen.ts';
import { loadSample, sampleConfigText, sampleEndOf } from '#apps/server/sample.ts';
import type { Config } from '#core/config/config-schema.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import { configExceptions, exceptionChanges } from '#core/notification/config-exceptions.ts';
import { startDelivery } from '#engine/delivery/delivery-loop.ts';
import { type DirectoryKeeper, keepDirectory } from '#engine/keep-directory.ts';
import type { Sleeper } from '#ports/clock.ts';
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
  /** The last moment of the sample organization, epoch ms, where it is the sample that runs. */
  readonly sampleEnd: number | undefined;
  readonly yagura: Installation;
  /** Resolves when the sample organization is loaded. */
  readonly sampleLoaded: Promise<void>;
  stop(): Promise<void>;
};

/** A first look at the organization that takes longer goes on while the rest has begun. */
const FIRST_READ_MS = 20_000;

/** Starts the embedded home: one process, one folder of data. */
export async function startYagura(options: StartOptions): Promise<Running> {
  const given = options.configText === undefined ? undefined : readConfig(options.configText);
  const lock = lockDataFolder(options.dataDir);
  const undo = [() => lock.release()];
  try {
    const store = openSqliteStore({ path: join(options.dataDir, given === undefined ? 'sample.db' : 'yagura.db') });
    undo.unshift(() => void store.close());
    const clock = createSystemClock();
    const config = given ?? readConfig(await sampleConfigText(store, clock));
    const host = options.host ?? config.server.host;
    refuseOpenHost(host);
    await storeConfigExceptions(config, store, clock.now());
    const sleeper = createSystemSleeper();
    const slack = await connectSlack(given === undefined ? undefined : options.secrets, options.env, sleeper);
    const directory = await keepDirectory(config, directorySource(config, clock), { store, clock });
    const isDirectoryFresh = await readFirst(directory, sleeper);
    const isSample = given === undefined;
    const lake = createLakeAccess({ dataDir: options.dataDir });
    const parts = { config, isSample, store, clock, directory, slack, sleeper, lake, random: createSystemRandom() };
    return await begin(assemble({ ...options, ...parts }), { slack, lock, host, isDirectoryFresh }, options);
  } catch (thrown) {
    for (const step of undo) step();
    throw thrown;
  }
}

type Beginning = {
  readonly slack: SlackConnection;
  readonly lock: DataFolderLock;
  readonly host: string;
  readonly isDirectoryFresh: boolean;
};

async function begin(
  { yagura, intake, delivery, begin, stop: stopAssembly }: Assembly,
  { slack, lock, host, isDirectoryFresh }: Beginning,
  options: StartOptions,
): Promise<Running> {
  const { config, store, changes, isSample } = yagura;
  const { publicUrl } = config.server;
  const app = httpApp(yagura, { consoleDir: options.consoleDir, publicUrl, ...slack.endpoint(yagura) });
  const server = await listen(app, host, options.port ?? config.server.port);
  const loop = startDelivery(delivery, (items) => changes.note({ messages: items, deliveries: items }));
  begin(loop, publicUrl ?? server.url);
  const inboxDir = config.intake.inbox ?? join(options.dataDir, 'inbox');
  const { sleeper } = delivery;
  const background = startBackground(yagura, { intake, delivery, slack, inboxDir, sleeper, isDirectoryFresh });
  const playing = new AbortController();
  const sampleLoaded = isSample ? loadSample(yagura, playing.signal) : Promise.resolve();
  const sampleOver = sampleLoaded.catch((thrown: unknown) =>
    yagura.log.error({ err: thrown }, `the sample organization could not be loaded: ${messageOf(thrown)}`),
  );
  const end = async () => {
    changes.stop();
    playing.abort();
    await server.close();
    yagura.lake.stop();
    await background.stop();
    stopAssembly();
    await loop.stop();
    await sampleOver;
    await store.close();
    lock.release();
  };
  let ending: Promise<void> | undefined;
  const stop = () => {
    ending ??= end();
    return ending;
  };
  const sampleEnd = isSample ? await sampleEndOf(store) : undefined;
  return { url: server.url, isSample, sampleEnd, yagura, sampleLoaded, stop };
}

/** Where accounts come from AWS and no copy is at hand, waits for one: else every finding would be of an unknown account. */
async function readFirst(directory: DirectoryKeeper, sleeper: Sleeper): Promise<boolean> {
  const { source, readAt } = directory.current();
  if (source === 'config' || readAt !== null) return false;
  const patience = new AbortController();
  await Promise.race([directory.refresh(), sleeper.sleep(FIRST_READ_MS, patience.signal)]);
  patience.abort();
  return directory.current().error === null;
}

function readConfig(text: string): Config {
  const { config, problems } = parseConfig(text);
  if (config !== undefined) return config;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const place =
    first === undefined ? '' : ` The first, in line ${first.line}, column ${first.column}: ${first.message}.`;
  throw new YaguraError(
    'config.invalid',
    `yagura.yaml cannot be used, it has ${errors.length} errors.${place} See them all with: yagura config check`,
  );
}

async function storeConfigExceptions(config: Config, store: StateStore, now: number): Promise<void> {
  const changes = exceptionChanges(await store.exceptions(), configExceptions(config, now), now);
  for (const exception of changes) {
    const { id, scope, reason, owner, expiresAt, removedAt } = exception;
    await store.saveException(exception);
    await store.appendAudit({
      at: now,
      actor: 'yagura.yaml',
      action: removedAt === null ? 'exception.add' : 'exception.remove',
      target: id,
      detail: removedAt === null ? { scope, reason, owner, expiresAt } : {},
    });
  }
}

function refuseOpenHost(host: string): void {
  if (['127.0.0.1', 'localhost', '::1'].includes(host)) return;
  const advice = 'sign-in is not built in yet. Put a reverse proxy with sign-in in front of 127.0.0.1.';
  throw new YaguraError('not-allowed', `The console listens on loopback only, not on ${host}: ${advice}`);
}
