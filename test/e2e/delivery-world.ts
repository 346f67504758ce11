import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createStorePacer } from '#adapters/pacer/store-pacer.ts';
import { createChatRouter } from '#adapters/slack/chat-router.ts';
import { createSlackWebChat } from '#adapters/slack/slack-web-chat.ts';
import { createSlackWebhookChat } from '#adapters/slack/slack-webhook-chat.ts';
import type { Config } from '#core/config/config-schema.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { buildDirectory } from '#core/organization/directory.ts';
import { type AcceptReport, acceptEvents, type IntakePorts } from '#engine/accept-events.ts';
import { type DeliveryLoop, startDelivery } from '#engine/delivery/delivery-loop.ts';
import type { DeliveryLog, DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { centralOf } from '#engine/delivery/tell-central.ts';
import type { Chat } from '#ports/chat.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { StateStore } from '#ports/state-store.ts';
import { type SlackStandIn, type SlackStandInOptions, startSlackStandIn } from '../stand-ins/slack/slack-stand-in.ts';
import { createFakeClock, createSeededRandom, type FakeClock } from '../stand-ins/time.ts';
import { createLife, type MayDie, mortal } from './delivery-mortal.ts';

/** The pipeline from event to Slack in one process, with Slack's stand-in, and time that passes only when a test says so. */
export type DeliveryWorld = {
  readonly clock: FakeClock;
  readonly store: StateStore;
  readonly slack: SlackStandIn;
  readonly ports: DeliveryPorts;
  readonly log: readonly DeliveryLog[];
  accept(...events: readonly unknown[]): Promise<AcceptReport>;
  /** Lets time pass; everything that becomes due meanwhile is done, one thing after the other. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until nothing is due. */
  drain(): Promise<void>;
  /** The worker dies at the first moment of which this is true. */
  dieAt(isTime: MayDie): void;
  /** Drops the worker as a crash would, and starts another one. */
  restart(): void;
  stop(): Promise<void>;
};

export type WorldOptions = Omit<SlackStandInOptions, 'now'> & {
  readonly config?: string;
  readonly store?: StateStore;
  readonly chat?: (chat: Chat) => Chat;
  readonly webhookUrls?: boolean;
  /** Answers later than this are lost. */
  readonly timeoutMs?: number;
};

export const TEAM = '#payments-guardduty';
export const CENTRAL = '#sec-guardduty';

/** One team with one account; `#sec-securityhub` takes what nobody owns. */
export const CONFIG = `
organization:
  accounts:
    - { id: "111122223333", name: payments-prod, ou: Workloads/Prod, environment: prod, team: payments }
teams:
  payments:
    name: 決済チーム
    language: en
    slack: { guardduty: "${TEAM}", securityhub: "#payments-securityhub", health: "#payments-health" }
central:
  language: en
  slack: { guardduty: "${CENTRAL}", securityhub: "#sec-securityhub", health: "#soc-health" }
  minimumSeverity: { guardduty: CRITICAL, securityhub: CRITICAL }
`;

const CHANNELS = [TEAM, CENTRAL, '#payments-securityhub', '#payments-health', '#sec-securityhub', '#soc-health'];

/** Builds a world and starts delivery in it. */
export async function startWorld(options: WorldOptions = {}): Promise<DeliveryWorld> {
  const clock = createFakeClock();
  const time = createPassingTime(clock);
  const slack = await startSlackStandIn({ channels: CHANNELS, ...options, now: clock.now });
  const store = options.store ?? createMemoryStore();
  const config = readConfig(options.config ?? CONFIG);
  const log: DeliveryLog[] = [];
  const chat = counted(chatOf(slack, options), time);
  const directory = buildDirectory(config);
  const policy = routingPolicy(config);
  const random = createSeededRandom();
  const ports: DeliveryPorts = {
    ...{ store, clock, random, sleeper: time.sleeper, chat: options.chat?.(chat) ?? chat },
    renderer: createRenderer(),
    pacer: createStorePacer(store),
    directory: () => directory,
    links: { consoleUrl: 'http://127.0.0.1:8484' },
    intervalMs: () => 1_000,
    log: (entry) => log.push(entry),
    ...centralOf(policy),
  };
  const intake: IntakePorts = { store, clock, random, directory: ports.directory, policy: () => policy };
  let mayDie: MayDie = () => false;
  let life = createLife((...moment) => mayDie(...moment));
  let loop: DeliveryLoop = startDelivery(mortal(ports, life));
  return {
    ...{ clock, store, slack, ports, log },
    accept: async (...events) => {
      const report = await acceptEvents(
        events.map((event) => ({ event })),
        intake,
      );
      loop.wake();
      return report;
    },
    pass: (ms) => time.pass(ms),
    drain: () => time.until(loop.drained()),
    dieAt: (isTime) => {
      mayDie = isTime;
    },
    restart: () => {
      life.end();
      mayDie = () => false;
      life = createLife((...moment) => mayDie(...moment));
      loop = startDelivery(mortal(ports, life));
    },
    stop: async () => {
      await time.until(loop.stop());
      await slack.stop();
    },
  };
}

/** What a reader sees in a channel, in the order of arrival. */
export function shownIn(slack: SlackStandIn, channel: string) {
  return slack.messages(channel).map(({ text, threadTs, versions, blocks, receivedAt }) => ({
    text,
    isReply: threadTs !== null,
    edits: versions.length - 1,
    all: `${text}\n${JSON.stringify(blocks)}`,
    receivedAt,
  }));
}

/** How many deliveries are in each state. */
export async function outboxCounts(store: StateStore): Promise<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { state, count } of await store.outboxCounts()) totals[state] = (totals[state] ?? 0) + count;
  return totals;
}

function readConfig(text: string): Config {
  const { config, problems } = parseConfig(text);
  if (config === undefined) throw new Error(`the test's configuration is wrong: ${JSON.stringify(problems)}`);
  return config;
}

function chatOf(slack: SlackStandIn, { timeoutMs = 10_000, webhooks = {} }: WorldOptions): Chat {
  return createChatRouter({
    slack: createSlackWebChat({ token: slack.botToken, baseUrl: slack.apiUrl, timeoutMs }),
    webhook: createSlackWebhookChat({
      resolveUrl: async (name) => (name in webhooks ? slack.webhookUrl(name) : undefined),
      allowedOrigins: [slack.origin],
      timeoutMs,
    }),
  });
}

type PassingTime = {
  readonly sleeper: Sleeper;
  /** Calls to the outside that are under way. */
  underWay: number;
  pass(ms: number): Promise<void>;
  until(done: Promise<void>): Promise<void>;
};

type Waiter = { readonly dueAt: number; readonly wake: () => void };

const LONGEST_MS = 7 * 86_400_000;

function createPassingTime(clock: FakeClock): PassingTime {
  const waiters = new Set<Waiter>();

  async function quiet(): Promise<void> {
    for (let calm = 0; calm < 4; calm = time.underWay === 0 ? calm + 1 : 0)
      await new Promise((resolve) => setImmediate(resolve));
  }

  function wakeNext(until: number): boolean {
    let next: Waiter | undefined;
    for (const waiter of waiters) if (next === undefined || waiter.dueAt < next.dueAt) next = waiter;
    if (next === undefined || next.dueAt > until) return false;
    clock.set(Math.max(clock.now(), next.dueAt));
    next.wake();
    return true;
  }

  const time: PassingTime = {
    underWay: 0,
    sleeper: {
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) return resolve();
          const waiter: Waiter = {
            dueAt: clock.now() + ms,
            wake: () => {
              waiters.delete(waiter);
              signal?.removeEventListener('abort', waiter.wake);
              resolve();
            },
          };
          waiters.add(waiter);
          signal?.addEventListener('abort', waiter.wake);
        }),
    },
    pass: async (ms) => {
      const until = clock.now() + ms;
      await quiet();
      while (wakeNext(until)) await quiet();
      clock.set(until);
    },
    until: async (done) => {
      let isDone = false;
      const finished = done.then(() => {
        isDone = true;
      });
      const last = clock.now() + LONGEST_MS;
      for (await quiet(); !isDone && wakeNext(last); ) await quiet();
      if (!isDone) throw new Error('a week passed and it is still not done');
      await finished;
    },
  };
  return time;
}

/** Says how many calls are under way, so that time stands still until Slack has answered. */
function counted(chat: Chat, time: PassingTime): Chat {
  const during = async <T>(call: Promise<T>): Promise<T> => {
    time.underWay += 1;
    try {
      return await call;
    } finally {
      time.underWay -= 1;
    }
  };
  return {
    canEdit: (destination) => chat.canEdit(destination),
    post: (post) => during(chat.post(post)),
    edit: (edit) => during(chat.edit(edit)),
    findPosted: (search) => during(chat.findPosted(search)),
  };
}
