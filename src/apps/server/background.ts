import { watchInbox } from '#adapters/inbox/watch-inbox.ts';
import { createSqsEventQueue } from '#adapters/sqs/sqs-event-queue.ts';
import { healthSource } from '#apps/server/aws-sources.ts';
import type { SlackConnection } from '#apps/server/connect-slack.ts';
import type { Installation } from '#apps/server/installation.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { parseDocument } from '#core/intake/parse-document.ts';
import type { DecisionContext } from '#core/notification/decide.ts';
import type { IntakePorts } from '#engine/accept-events.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { housekeeping } from '#engine/housekeeping.ts';
import { pollHealth } from '#engine/poll-health.ts';
import type { Sleeper } from '#ports/clock.ts';

type Parts = {
  readonly intake: IntakePorts;
  readonly delivery: DeliveryPorts;
  readonly slack: SlackConnection;
  readonly inboxDir: string;
  readonly sleeper: Sleeper;
};

const MINUTE_MS = 60_000;

/** Starts everything that runs beside the HTTP server; `stop` ends it all. */
export function startBackground(yagura: Installation, parts: Parts): { stop(): Promise<void> } {
  const abort = new AbortController();
  const { config } = yagura;
  const every = (ms: number, name: string, work: () => Promise<unknown>) =>
    repeat(ms, name, work, yagura, parts.sleeper, abort.signal);
  const health = healthSource(config, yagura.clock, (problem) => yagura.log.warn(problem));
  const tasks = [
    every(MINUTE_MS, 'housekeeping', async () => housekeeping(await contextOf(yagura), yagura, parts.delivery)),
    ...(config.organization.aws === undefined
      ? []
      : [
          every(config.organization.aws.refreshMinutes * MINUTE_MS, 'directory refresh', () =>
            yagura.directory.refresh(),
          ),
        ]),
    ...(health === undefined
      ? []
      : [every(config.health.everyMinutes * MINUTE_MS, 'AWS Health poll', () => pollHealth(health, parts.intake))]),
    ...(yagura.isSample ? [] : [inbox(yagura, parts, abort.signal)]),
    ...(config.intake.sqsQueueUrl === undefined
      ? []
      : [queue(config.intake.sqsQueueUrl, yagura, parts.sleeper, abort.signal)]),
  ];
  const socket = parts.slack.startSocket(yagura);
  return {
    stop: async () => {
      abort.abort();
      await Promise.allSettled([...tasks, socket.then((open) => open?.stop())]);
    },
  };
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
  ms: number,
  name: string,
  work: () => Promise<unknown>,
  yagura: Installation,
  sleeper: Sleeper,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
      yagura.delivery().wake();
    } catch (thrown) {
      yagura.log.error({ err: thrown }, `${name} failed: ${messageOf(thrown)}`);
    }
    await sleeper.sleep(ms, signal);
  }
}

function inbox(yagura: Installation, { inboxDir, sleeper }: Parts, signal: AbortSignal): Promise<void> {
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

/** SQS: a message is deleted only after its events are durable; what is not JSON is kept as an unknown event. */
async function queue(queueUrl: string, yagura: Installation, sleeper: Sleeper, signal: AbortSignal): Promise<void> {
  const source = createSqsEventQueue({ queueUrl });
  while (!signal.aborted) {
    try {
      const messages = await source.receive(signal);
      if (messages.length === 0) continue;
      const incoming = messages.flatMap((message) => {
        const { events, errors } = parseDocument(message.body);
        return errors.length === 0 ? events : [{ event: message.body, raw: message.body }];
      });
      await yagura.accept(incoming);
      await source.done(messages.map((message) => message.receipt));
    } catch (thrown) {
      yagura.log.error({ err: thrown }, `reading ${queueUrl} failed; trying again in 5 s`);
      await sleeper.sleep(5_000, signal);
    }
  }
}
