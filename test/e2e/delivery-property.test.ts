import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { createMemoryChat, type MemoryChat } from '#adapters/memory-chat/memory-chat.ts';
import { createStorePacer } from '#adapters/pacer/store-pacer.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import type { Problem } from '#core/finding/problem.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { buildDirectory } from '#core/organization/directory.ts';
import { acceptEvents, type IntakePorts } from '#engine/accept-events.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
import { takeTurn } from '#engine/delivery/take-turn.ts';
import type { ChatFailure } from '#ports/chat.ts';
import type { Renderer } from '#ports/renderer.ts';
import type { StateStore } from '#ports/state-store.ts';
import { createFakeClock, createSeededRandom, createSkippingSleeper } from '../stand-ins/time.ts';
import { guardDutyEvent } from './delivery-events.ts';
import { createLife, mortal } from './delivery-mortal.ts';

/** What a message says of one problem, in the words of this test's renderer. */
type Said = { readonly key: string; readonly episode: number; readonly version: number; readonly action: string };
type Message = { readonly kind: 'message' | 'reply' | 'digest'; readonly said: readonly Said[] };

const CONFIG = `
organization:
  accounts:
    - { id: "111122223333", name: payments-prod, team: payments }
teams:
  payments: { name: payments, slack: { guardduty: "#team" }, digest: { every: hour } }
central:
  slack: { guardduty: "#central" }
  minimumSeverity: { guardduty: HIGH }
routes:
  - { name: collect, match: { severity: [LOW] }, to: team, decision: digest }
`;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Happening = {
  readonly do: 'event';
  readonly problem: number;
  readonly what: 'open' | 'count' | 'text' | 'end';
  readonly severity: number;
};

type Step =
  | Happening
  | { readonly do: 'turns'; readonly workers: number; readonly burst: boolean; readonly meanwhile: Happening | null }
  | { readonly do: 'die'; readonly after: number }
  | { readonly do: 'fail'; readonly failure: ChatFailure; readonly afterwards: boolean; readonly times: number }
  | { readonly do: 'blind'; readonly times: number }
  | { readonly do: 'pass'; readonly ms: number };

const failure: fc.Arbitrary<ChatFailure> = fc.oneof(
  fc.constant<ChatFailure>({ kind: 'unavailable', error: 'no answer' }),
  fc.constant<ChatFailure>({ kind: 'busy', retryAfterMs: 3_000 }),
  fc.constant<ChatFailure>({ kind: 'rejected', error: 'not_in_channel' }),
);

const happening: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant('event'),
  problem: fc.nat(3),
  what: fc.constantFrom('open', 'count', 'text', 'end'),
  severity: fc.constantFrom(2, 5, 8),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: happening,
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('turns' as const),
      workers: fc.integer({ min: 1, max: 2 }),
      burst: fc.boolean(),
      meanwhile: fc.option(happening),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), after: fc.nat(12) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      failure,
      afterwards: fc.boolean(),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('blind' as const), times: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(500, 5_000, 3 * MINUTE, HOUR) }),
  },
);

const said = (problem: { key: string; episode: number; version: number }, action: string): Said => ({
  ...{ key: problem.key, episode: problem.episode, version: problem.version, action },
});
const messageOf = (message: Message) => ({ text: JSON.stringify(message), blocks: [] });
const renderer: Renderer = {
  message: ({ problem, action }) => messageOf({ kind: 'message', said: [said(problem, action)] }),
  reply: ({ problem, action }) => messageOf({ kind: 'reply', said: [said(problem, action)] }),
  digests: ({ entries }) => [
    {
      message: messageOf({
        kind: 'digest',
        said: entries.slice(0, 3).map(({ problem, action }) => said(problem, action)),
      }),
      entries: entries.slice(0, 3),
    },
  ],
};

type Run = {
  readonly play: (steps: readonly Step[]) => Promise<void>;
  readonly store: StateStore;
  readonly chat: MemoryChat;
};

/** The whole run of one sequence of steps: intake, two workers, and a world that fails. */
function createRun(seed: number): Run {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const chat = createMemoryChat({ now: clock.now });
  const random = createSeededRandom(seed);
  const { config } = parseConfig(CONFIG);
  if (config === undefined) throw new Error('the configuration of this test is wrong');
  const directory = buildDirectory(config);
  const policy = routingPolicy(config);
  const sleeper = createSkippingSleeper(clock);
  const ports: DeliveryPorts = {
    ...{ store, chat, clock, random, sleeper, renderer, links: {} },
    pacer: createStorePacer(store),
    directory: () => directory,
    intervalMs: () => 1_000,
    log: () => {},
  };
  const intake: IntakePorts = { store, clock, random, directory: () => directory, policy: () => policy };
  const versions = [1, 1, 1, 1];
  const titles = [0, 0, 0, 0];
  let callsToLive = Number.POSITIVE_INFINITY;

  async function event({ problem, what, severity }: Happening): Promise<void> {
    versions[problem] = (versions[problem] ?? 0) + 1;
    if (what === 'text') titles[problem] = (titles[problem] ?? 0) + 1;
    const found = guardDutyEvent({
      ...{ id: `p${problem}`, severity, archived: what === 'end', title: `Title ${titles[problem]}` },
      ...{ count: versions[problem] ?? 1, minute: versions[problem] ?? 1 },
    });
    await acceptEvents([{ event: found }], intake);
  }

  async function worker(burst: boolean): Promise<void> {
    const life = createLife(() => --callsToLive < 0);
    const mine = mortal(ports, life);
    const work = async () => {
      for (const { destinationKey, count } of await mine.store.dueDestinations(clock.now()))
        for (let turn = 0; turn < 3; turn++) await takeTurn(destinationKey, burst ? 1_000 : count, mine);
    };
    await Promise.race([work(), life.died]);
    if (callsToLive < 0) callsToLive = Number.POSITIVE_INFINITY;
  }

  async function turns({ workers, burst, meanwhile }: Extract<Step, { do: 'turns' }>): Promise<void> {
    const working = Array.from({ length: workers }, () => worker(burst));
    // Somewhere in the middle of their work.
    for (let wait = random.next() * 20; wait > 0; wait--) await Promise.resolve();
    await Promise.all([...working, meanwhile === null ? undefined : event(meanwhile)]);
  }

  async function sweep(): Promise<void> {
    await recoverClaims(clock.now() - 2 * MINUTE, ports);
  }

  async function rest(): Promise<void> {
    callsToLive = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 400; round++) {
      clock.advance(30_000);
      await sweep();
      await worker(round % 3 === 0);
      if (round === 100) clock.advance(HOUR);
      const parked = await store.outboxPage({ state: ['parked'], limit: 500 });
      for (const { id } of parked.items) await store.requeue(id, clock.now());
      const { total } = await store.outboxPage({ state: ['queued', 'sending', 'parked'] });
      if (total === 0) return;
    }
    throw new Error('the outbox does not come to rest');
  }

  async function play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.do === 'event') await event(step);
      else if (step.do === 'turns') await turns(step);
      else if (step.do === 'die') callsToLive = step.after;
      else if (step.do === 'fail')
        chat.failNext(step.failure, {
          times: step.times,
          afterwards: step.afterwards && step.failure.kind === 'unavailable',
        });
      else if (step.do === 'blind') chat.failLookups({ kind: 'unavailable', error: 'cannot look' }, step.times);
      else clock.advance(step.ms);
      await sweep();
    }
    await rest();
  }
  return { play, store, chat };
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'said' in value;
}

type Shown = Said & { readonly kind: Message['kind']; readonly isReply: boolean; readonly edits: number };

/** What the chat shows of a problem at the end. */
function shownOf(chat: MemoryChat, channel: string, problemKey: string): Shown[] {
  return chat.messages.flatMap(({ destination, message, threadTs, edits }) => {
    if (destination.kind !== 'slack' || destination.channel !== channel) return [];
    const parsed: unknown = JSON.parse(message.text);
    if (!isMessage(parsed)) return [];
    const { kind, said: all } = parsed;
    return all
      .filter(({ key }) => key === problemKey)
      .map((each) => ({ ...each, kind, isReply: threadTs !== null, edits }));
  });
}

/** What is wrong with what one destination shows of one problem; undefined when nothing is. */
async function wrongAt(
  channel: string,
  problem: Problem,
  run: Run & { readonly isCalm: boolean },
): Promise<string | undefined> {
  const { store, chat } = run;
  const about = shownOf(chat, channel, problem.key);
  const first = about.filter(({ kind, isReply, action }) => !isReply && (kind === 'message' || action === 'post'));
  // A message about an episode that is over is rendered from what the problem is by then.
  const unedited = first.filter(({ edits, action }) => edits === 0 && action === 'post');
  if (first.length > problem.episode) return 'more messages than episodes';
  if (new Set(unedited.map(({ episode }) => episode)).size < unedited.length) return 'an episode was told twice';
  const lines = about
    .filter(({ kind }) => kind !== 'message')
    .map(({ version, kind, action }) => `${kind} ${action} ${version}`);
  // A message that was recognised later counts as showing the state it was queued for; a newer one is then said again.
  if (run.isCalm && new Set(lines).size < lines.length) return 'the same was said twice';
  if (problem.told[`slack:${channel}`] === undefined) return undefined;
  const thread = (await store.threads([problem.key], `slack:${channel}`)).get(problem.key);
  if (thread?.episode !== problem.episode) return 'the last episode was not told';
  const messages = chat.messages.filter(({ idempotencyKey }) => idempotencyKey === thread.messageId);
  if (messages.length !== 1) return `the message of the last episode is there ${messages.length} times`;
  const isOver = about.some(({ action, episode }) => action === 'resolve' && episode === problem.episode);
  return problem.status !== 'open' && !isOver ? 'the end was not told' : undefined;
}

test('whatever fails and dies, every problem is told once per episode at every destination, and its end is seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.nat(), async (steps, seed) => {
      const run = createRun(seed);

      await run.play(steps);

      const isCalm = steps.every((each) => each.do !== 'die' && (each.do !== 'fail' || !each.afterwards));
      const sent = run.chat.messages.map(({ idempotencyKey }) => idempotencyKey);
      expect(new Set(sent).size).toBe(sent.length);
      const { items: problems } = await run.store.problemPage({ limit: 500 });
      for (const problem of problems)
        for (const channel of ['#team', '#central'])
          expect(await wrongAt(channel, problem, { ...run, isCalm }), `${channel} ${problem.key}`).toBeUndefined();
    }),
    { numRuns: Number(process.env['YAGURA_PROPERTY_RUNS'] ?? 500) },
  );
}, 600_000);
