import { watchInbox } from '#adapters/inbox/watch-inbox.ts';
import { createSqsEventQueue } from '#adapters/sqs/sqs-event-queue.ts';
import { healthSource } from '#apps/server/aws-sources.ts';
import type { SlackConnection } from '#apps/server/connect-slack.ts';
import type { Installation } from '#apps/server/installation.ts';
import { takeFromQueue } from '#apps/server/take-from-queue.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import type { DecisionContext } from '#core/notification/decide.ts';
import type { IntakePorts } from '#engine/accept-events.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { housekeeping } from '#engine/housekeeping.ts';
import { pollHealth } from '#engine/poll-health.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { HealthSource } from '#ports/health-source.ts';

export type BackgroundParts = {
  readonly intake: IntakePorts;
  readonly delivery: DeliveryPorts;
  readonly slack: SlackConnection;
  readonly inboxDir: string;
  readonly sleeper: Sleeper;
  /** True when the organization was read just now. */
  readonly isDirectoryFresh: boolean;
};

type Task = {
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<unknown>;
  /** Ms until the next time, after what just happened. */
  readonly pause: () => number;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What takes longer to end is left: the process is going away. */
const STOP_MS = 10_000;

/** Starts everything that runs beside the HTTP server; `stop` ends it all. */
export function startBackground(yagura: Installation, parts: BackgroundParts): { stop(): Promise<void> } {
  const abort = new AbortController();
  const { sleeper } = parts;
  const running = [
    ...tasksOf(yagura, parts).map((task) => repeat(task, yagura, sleeper, abort.signal)),
    ...(yagura.config.organization.aws === undefined ? [] : [keepDirectoryFresh(yagura, parts, abort.signal)]),
    ...(yagura.isSample ? [] : [inbox(yagura, parts, abort.signal)]),
    ...queueOf(yagura, sleeper, abort.signal),
  ].map((work) => work.catch((thrown: unknown) => yagura.log.error({ err: thrown }, messageOf(thrown))));
  const socket = parts.slack.startSocket(yagura).catch((thrown: unknown) => {
    yagura.log.error(
      { err: thrown },
      `Slack's Socket Mode could not be started, so buttons do not work: ${messageOf(thrown)}`,
    );
    return undefined;
  });
  return {
    stop: async () => {
      abort.abort();
      const ended = Promise.allSettled([...running, socket.then((open) => open?.stop())]);
      const patience = new AbortController();
      await Promise.race([ended, sleeper.sleep(STOP_MS, patience.signal)]);
      patience.abort();
    },
  };
}

function tasksOf(yagura: Installation, parts: BackgroundParts): Task[] {
  const { config, clock, log } = yagura;
  const health = healthSource(config, clock, (problem) => log.warn(problem));
  const tidy: Task = {
    name: 'housekeeping',
    work: async () => {
      const told = await housekeeping(await contextOf(yagura), yagura, parts.delivery);
      noteTold(told.uncovered + told.owned + told.gone + told.reminded, yagura);
    },
    pause: () => MINUTE_MS,
  };
  return [
    tidy,
    ...(health === undefined ? [] : [healthTask(health, yagura, parts)]),
    // The sample stays as it is, however long somebody looks at it.
    ...(yagura.isSample ? [] : [forgetting(yagura)]),
  ];
}

function healthTask(health: HealthSource, yagura: Installation, parts: BackgroundParts): Task {
  return {
    name: 'reading AWS Health',
    work: async () => noteTold(await pollHealth(health, parts.intake), yagura),
    pause: () => yagura.config.health.everyMinutes * MINUTE_MS,
  };
}

function forgetting(yagura: Installation): Task {
  const { store, clock, log, changes } = yagura;
  return {
    name: 'removing what is old',
    work: async (signal) => {
      const removed = await store.prune(clock.now(), signal);
      const { problems, messages, outboxItems, unknownEvents } = removed;
      if (problems + messages + outboxItems + unknownEvents === 0) return;
      log.info(removed, 'removed what was kept long enough');
      changes.note({ findings: problems, messages, deliveries: outboxItems });
    },
    pause: () => HOUR_MS,
  };
}

function noteTold(count: number, yagura: Installation): void {
  if (count > 0) yagura.changes.note({ findings: count, deliveries: count });
}

async function contextOf(yagura: Installation): Promise<DecisionContext> {
  return {
    directory: yagura.directory.current().directory,
    policy: yagura.policy,
    exceptions: await yagura.store.exceptions(),
    now: yagura.clock.now(),
  };
}

async function repeat(
  { name, work, pause }: Task,
  yagura: Installation,
  sleeper: Sleeper,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work(signal);
      yagura.delivery().wake();
    } catch (thrown) {
      yagura.log.error({ err: thrown }, `${name} failed: ${messageOf(thrown)}`);
    }
    await sleeper.sleep(pause(), signal);
  }
}

/** Reads the organization again and again; after a failure soon, because what is shown and where messages go may be old. */
async function keepDirectoryFresh(
  yagura: Installation,
  { sleeper, isDirectoryFresh }: BackgroundParts,
  signal: AbortSignal,
): Promise<void> {
  const everyMs = (yagura.config.organization.aws?.refreshMinutes ?? 60) * MINUTE_MS;
  if (isDirectoryFresh) await sleeper.sleep(everyMs, signal);
  while (!signal.aborted) {
    const { error } = await yagura.directory.refresh();
    yagura.changes.note({ directory: true });
    if (error !== null) yagura.log.warn(`reading AWS Organizations failed, the last good copy stays: ${error}`);
    await sleeper.sleep(error === null ? everyMs : MINUTE_MS, signal);
  }
}

function inbox(yagura: Installation, { inboxDir, sleeper }: BackgroundParts, signal: AbortSignal): Promise<void> {
  return watchInbox({
    dir: inboxDir,
    clock: yagura.clock,
    sleeper,
    signal,
    log: yagura.log,
    accept: async ({ text }) => {
      const { events, errors } = parseDocument(text);
      const report = await yagura.accept(events);
      return {
        accepted: report.observed,
        rejected: errors.map((error) => ({ position: error.position, reason: error.detail })),
      };
    },
  });
}

function queueOf(yagura: Installation, sleeper: Sleeper, signal: AbortSignal): Promise<void>[] {
  const { sqsQueueUrl } = yagura.config.intake;
  if (sqsQueueUrl === undefined) return [];
  return [takeFromQueue(createSqsEventQueue({ queueUrl: sqsQueueUrl }), sqsQueueUrl, yagura, sleeper, signal)];
}
