import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createMemoryPacer } from '#adapters/pacer/memory-pacer.ts';
import { createChanges } from '#apps/server/changes.ts';
import type { SlackConnection } from '#apps/server/connect-slack.ts';
import type { Installation } from '#apps/server/installation.ts';
import type { Config } from '#core/config/config-schema.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import type { AcceptReport } from '#engine/accept-events.ts';
import { acceptEvents, type IntakePorts } from '#engine/accept-events.ts';
import type { DeliveryLoop } from '#engine/delivery/delivery-loop.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { centralOf } from '#engine/delivery/tell-central.ts';
import type { DirectoryKeeper } from '#engine/keep-directory.ts';
import { HOLD_MS, refreshAfterChanges } from '#engine/refresh-after-changes.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { StateStore } from '#ports/state-store.ts';

export type AssemblyParts = Pick<
  Installation,
  'version' | 'isSample' | 'clock' | 'random' | 'secrets' | 'log' | 'lake'
> & {
  readonly config: Config;
  readonly store: StateStore;
  readonly directory: DirectoryKeeper;
  readonly slack: SlackConnection;
  readonly sleeper: Sleeper;
};

export type Assembly = {
  readonly yagura: Installation;
  readonly intake: IntakePorts;
  readonly delivery: DeliveryPorts;
  /** From now on deliveries are made, and links lead to this address. */
  begin(loop: DeliveryLoop, consoleUrl: string): void;
  /** Ends what goes on by itself here. */
  stop(): void;
};

const NO_DELIVERY: DeliveryLoop = { wake: () => {}, drained: async () => {}, stop: async () => {} };

/** Puts the use cases together with their adapters. */
export function assemble(parts: AssemblyParts): Assembly {
  const { config, store, clock, random, directory, slack, sleeper, log } = parts;
  const policy = routingPolicy(config);
  const changes = createChanges(() => clock.now());
  const renderer = createRenderer();
  const { accessPortal } = config.organization;
  const links: { consoleUrl?: string; accessPortal?: NonNullable<typeof accessPortal> } =
    accessPortal === undefined ? {} : { accessPortal };
  const intake: IntakePorts = {
    store,
    clock,
    random,
    directory: () => directory.current().directory,
    policy: () => policy,
    ...(config.organization.aws === undefined ? {} : { holdAccountsMs: HOLD_MS }),
  };
  const tally = createTally();
  let loop = NO_DELIVERY;
  const delivery: DeliveryPorts = {
    ...{ store, renderer, clock, sleeper, random, links },
    ...centralOf(policy),
    chat: slack.chat,
    pacer: createMemoryPacer(),
    directory: intake.directory,
    intervalMs: slack.intervalMs,
    log: (event) => log[event.level]({ destination: event.destinationKey, detail: event.detail }, event.message),
  };
  const accounts = refreshAfterChanges({
    ...{ directory, store, clock, sleeper },
    onRefreshed: () => {
      changes.note({ directory: true });
      loop.wake();
    },
    onFailure: (thrown, message) => log.error({ err: thrown }, message),
  });
  const yagura: Installation = {
    ...parts,
    ...{ policy, renderer, links, changes },
    hasSlack: slack.isConnected,
    delivery: () => loop,
    accepted: tally.totals,
    accept: async (incoming, receivedAt) => {
      const report = await acceptEvents(incoming, intake, receivedAt);
      tally.add(report);
      changes.note({ findings: report.problemsChanged, deliveries: report.queued, directory: report.accountsChanged });
      if (report.accountsChanged && config.organization.aws !== undefined)
        accounts.note(report.queuedItems.filter(({ held }) => held));
      loop.wake();
      return report;
    },
  };
  const begin = (started: DeliveryLoop, consoleUrl: string) => {
    loop = started;
    links.consoleUrl = consoleUrl;
  };
  return { yagura, intake, delivery, begin, stop: accounts.stop };
}

function createTally(): { add(report: AcceptReport): void; totals: Installation['accepted'] } {
  const sum = { events: 0, problems: 0 };
  const perKind = new Map<string, number>();
  return {
    add: (report) => {
      sum.events += report.events;
      sum.problems += report.problemsChanged;
      for (const [kind, count] of Object.entries(report.perKind)) perKind.set(kind, (perKind.get(kind) ?? 0) + count);
    },
    totals: () => ({ ...sum, perKind: Object.fromEntries(perKind) }),
  };
}
