import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { parseConfig } from '#core/config/parse-config.ts';
import { configExceptions, exceptionChanges } from '#core/notification/config-exceptions.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { acceptEvents, type AcceptReport, type IncomingEvent } from '#engine/accept-events.ts';
import { type DeliveryLoop, startDelivery } from '#engine/delivery/delivery-loop.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
import { keepDirectory } from '#engine/keep-directory.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createMemoryPacer } from '#adapters/pacer/memory-pacer.ts';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemRandom } from '#adapters/system/random.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import { createChanges } from '#apps/server/changes.ts';
import { connectSlack } from '#apps/server/connect-slack.ts';
import { directorySource } from '#apps/server/aws-sources.ts';
import { startBackground } from '#apps/server/background.ts';
import { httpApp } from '#apps/server/http-app.ts';
import type { Installation } from '#apps/server/installation.ts';
import { listen } from '#apps/server/listen.ts';
import { loadSample, sampleConfigText } from '#apps/server/sample.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';

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

export type Running = { readonly url: string; readonly isSample: boolean; readonly yagura: Installation; /** Resolves when the sample organization is loaded. */ readonly sampleLoaded: Promise<void>; stop(): Promise<void> };

/** Starts the embedded home: one process, one folder of data. */
export async function startYagura(options: StartOptions): Promise<Running> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const isSample = options.configText === undefined;
  const store = openSqliteStore({ path: join(options.dataDir, isSample ? 'sample.db' : 'yagura.db') });
  const [clock, random, sleeper] = [createSystemClock(), createSystemRandom(), createSystemSleeper()];
  const { config, problems } = parseConfig(options.configText ?? (await sampleConfigText(store, clock)));
  if (config === undefined) throw new YaguraError('config.invalid', `yagura.yaml has ${problems.length} problems; see them with: yagura config check`);
  for (const exception of exceptionChanges(await store.exceptions(), configExceptions(config, clock.now()), clock.now())) await store.saveException(exception);
  const directory = await keepDirectory(config, directorySource(config, clock), { store, clock });
  const policy = routingPolicy(config);
  const host = options.host ?? config.server.host;
  const slack = await connectSlack(isSample ? undefined : options.secrets, options.env, sleeper);
  const changes = createChanges(() => clock.now());
  const renderer = createRenderer();
  const accepted = { events: 0, problems: 0, perKind: new Map<string, number>() };
  // Set right below, before anything can be accepted.
  const late: { delivery?: DeliveryLoop; links: { consoleUrl?: string; accessPortal?: { url: string; roleName: string } } } = { links: config.organization.accessPortal === undefined ? {} : { accessPortal: config.organization.accessPortal } };
  const intake = { store, clock, random, directory: () => directory.current().directory, policy: () => policy };
  const delivery: DeliveryPorts = { store, chat: slack.chat, renderer, clock, sleeper, random, pacer: createMemoryPacer(), directory: intake.directory, links: late.links, intervalMs: slack.intervalMs, log: (event) => options.log[event.level]({ destination: event.destinationKey, detail: event.detail }, event.message) };
  const yagura: Installation = {
    version: options.version,
    config,
    policy,
    isSample,
    hasSlack: slack.isConnected,
    store,
    clock,
    random,
    directory,
    renderer,
    secrets: options.secrets,
    links: late.links,
    log: options.log,
    changes,
    delivery: () => late.delivery ?? noDelivery,
    accept: async (incoming: readonly IncomingEvent[], receivedAt?: number) => counted(await acceptEvents(incoming, intake, receivedAt)),
    accepted: () => ({ events: accepted.events, problems: accepted.problems, perKind: Object.fromEntries(accepted.perKind) }),
  };
  function counted(report: AcceptReport): AcceptReport {
    accepted.events += report.events;
    accepted.problems += report.problemsChanged;
    for (const [kind, count] of Object.entries(report.perKind)) accepted.perKind.set(kind, (accepted.perKind.get(kind) ?? 0) + count);
    changes.note({ findings: report.problemsChanged, deliveries: report.queued, directory: report.accountsChanged });
    if (report.accountsChanged) void directory.refresh(); // errors are kept in the directory's own state
    late.delivery?.wake();
    return report;
  }
  const isLoopback = ['127.0.0.1', 'localhost', '::1'].includes(host);
  if (!isLoopback) throw new YaguraError('not-allowed', `The console listens on loopback only, not on ${host}: sign-in is not built in yet. Put a reverse proxy with sign-in in front of 127.0.0.1.`);
  const allowedHosts = config.server.publicUrl === undefined ? [] : [new URL(config.server.publicUrl).hostname];
  const app = httpApp(yagura, { consoleDir: options.consoleDir, allowedHosts, isLoopback, ...slack.endpoint(yagura) });
  const server = await listen(app, host, options.port ?? config.server.port);
  late.links.consoleUrl = config.server.publicUrl ?? server.url;
  // Every claim in this store was made by a process that is gone.
  await recoverClaims(clock.now() + 1, delivery);
  late.delivery = startDelivery(delivery, (items) => changes.note({ messages: items, deliveries: items, findings: 0 }));
  const background = startBackground(yagura, { intake, delivery, slack, inboxDir: config.intake.inbox ?? join(options.dataDir, 'inbox'), sleeper });
  const sampleLoaded = isSample ? loadSample(yagura) : Promise.resolve();
  return {
    url: server.url,
    isSample,
    yagura,
    sampleLoaded,
    stop: async () => {
      await server.close();
      await background.stop();
      await late.delivery?.stop();
      changes.stop();
      await store.close();
    },
  };
}

const noDelivery: DeliveryLoop = { wake: () => {}, drained: async () => {}, stop: async () => {} };
