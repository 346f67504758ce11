import { afterEach, describe, expect, test } from 'vitest';
import { guardDutyEvent } from './delivery-events.ts';
import {
  CONFIG,
  type DeliveryWorld,
  outboxCounts,
  shownIn,
  startWorld,
  TEAM,
  type WorldOptions,
} from './delivery-world.ts';

let world: DeliveryWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function start(options: WorldOptions = {}): Promise<DeliveryWorld> {
  world = await startWorld(options);
  return world;
}

const shown = (channel = TEAM) => (world === undefined ? [] : shownIn(world.slack, channel));
const textOf = (channel = TEAM) =>
  shown(channel)
    .map(({ all }) => all)
    .join('\n');
const names = (count: number) => Array.from({ length: count }, (_, n) => `n${String(n).padStart(5, '0')}`);
const findings = (count: number, account?: string) =>
  names(count).map((id) => guardDutyEvent({ id, ...(account === undefined ? {} : { account }) }));
const HOUR = 3_600_000;

describe('a burst', () => {
  const TEAMS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
  const config = `
organization:
  accounts:
${TEAMS.map((team, n) => `    - { id: "11112222${n}${n}${n}${n}", name: ${team}-prod, team: ${team} }`).join('\n')}
teams:
${TEAMS.map((team) => `  ${team}: { name: ${team}, slack: { guardduty: "#${team}" } }`).join('\n')}
central:
  slack: { guardduty: "#sec-guardduty" }
  minimumSeverity: { guardduty: CRITICAL }
`;

  test('of 10,000 findings over several channels: at most one call a second and channel, and every finding is in a message', async () => {
    const channels = [...TEAMS.map((team) => `#${team}`), '#sec-guardduty'];
    const { accept, drain, slack, clock, store } = await start({ config, channels });
    const from = clock.now();

    for (const [n] of TEAMS.entries()) {
      const account = `11112222${n}${n}${n}${n}`;
      const all = names(2_000).map((id) => guardDutyEvent({ id: `${n}-${id}`, account }));
      for (let at = 0; at < all.length; at += 500) await accept(...all.slice(at, at + 500));
    }
    await drain();

    for (const [n, team] of TEAMS.entries()) {
      const text = textOf(`#${team}`);
      expect(names(2_000).filter((id) => !text.includes(`bucket-${n}-${id}`))).toEqual([]);
      expect(shown(`#${team}`).length).toBeLessThan(200);
    }
    const calls = Map.groupBy(slack.requests, ({ args }) => String(args['channel']));
    for (const [, ofChannel] of calls) {
      const gaps = ofChannel.slice(1).map(({ at }, n) => at - (ofChannel[n]?.at ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    }
    expect(slack.requests.filter(({ status }) => status !== 200)).toEqual([]);
    expect(clock.now() - from).toBeLessThan(200_000);
    expect(await outboxCounts(store)).toEqual({ sent: 10_000 });
  });

  test('of sixty is still sixty messages', async () => {
    const { accept, drain } = await start();

    await accept(...findings(60));
    await drain();

    expect(shown()).toHaveLength(60);
  });

  test('follows up in its own message what already has one', async () => {
    const { accept, drain } = await start();
    await accept(...findings(3));
    await drain();

    await accept(
      guardDutyEvent({ id: 'n00001', minute: 1, archived: true }),
      ...names(100)
        .slice(3)
        .map((id) => guardDutyEvent({ id })),
    );
    await drain();

    const own = shown().slice(0, 3);
    expect(own).toMatchObject([{ edits: 0 }, { edits: 1, text: expect.stringContaining('Resolved') }, { edits: 0 }]);
    const text = textOf();
    expect(names(100).filter((id) => !text.includes(`bucket-${id}`))).toEqual([]);
  });

  test('does not let a new episode overtake the end of the one before', async () => {
    const { accept, drain, slack, clock } = await start();
    await accept(guardDutyEvent({ id: 'n00000' }));
    await drain();
    slack.fail({ kind: 'ratelimited', retryAfterSeconds: 30, until: clock.now() + 30_000 });

    await accept(guardDutyEvent({ id: 'n00000', minute: 1, archived: true }));
    await accept(guardDutyEvent({ id: 'n00000', minute: 2 }), ...findings(100).slice(1));
    await drain();

    expect(shown()[0]).toMatchObject({ edits: 1, text: expect.stringContaining('Resolved') });
    expect(textOf().split('bucket-n00000`').length - 1).toBeGreaterThanOrEqual(2);
  });

  test('answers in the thread of the digest when a problem in it ends', async () => {
    const { accept, drain } = await start();
    await accept(...findings(100));
    await drain();

    await accept(guardDutyEvent({ id: 'n00002', minute: 1, archived: true }));
    await drain();

    expect(shown().at(-1)).toMatchObject({ isReply: true, text: expect.stringContaining('Resolved') });
  });

  test('says nothing of a higher count where only a digest told of it', async () => {
    const { accept, drain } = await start();
    await accept(...findings(100));
    await drain();
    const before = shown().length;

    await accept(guardDutyEvent({ id: 'n00002', minute: 1, count: 8 }));
    await drain();

    expect(shown()).toHaveLength(before);
  });
});

describe('quiet hours', () => {
  // The test's epoch is midnight UTC.
  const quiet = 'quietHours: { from: "22:00", to: "06:00", timezone: UTC }';
  const config = CONFIG.replace(`language: en\n    slack`, `language: en\n    ${quiet}\n    slack`);

  test('hold everything back for one digest in the morning, except what is critical', async () => {
    const { accept, pass } = await start({ config });

    await accept(...findings(3), guardDutyEvent({ id: 'worst', severity: 9.5 }));
    await pass(5 * HOUR);
    const atNight = shown().map(({ all }) => all);
    await pass(2 * HOUR);

    expect(atNight).toEqual([expect.stringContaining('bucket-worst')]);
    expect(shown()).toHaveLength(2);
    expect(names(3).filter((id) => !shown()[1]?.all.includes(`bucket-${id}`))).toEqual([]);
  });

  test('also hold back what changes meanwhile, and the digest shows how it is then', async () => {
    const { accept, pass } = await start({ config });

    await accept(...findings(2));
    await pass(HOUR);
    await accept(guardDutyEvent({ id: 'n00001', minute: 60, count: 5, title: 'Worse' }));
    await pass(HOUR);
    await accept(guardDutyEvent({ id: 'n00000', minute: 120, archived: true }));
    await pass(5 * HOUR);

    expect(shown()).toHaveLength(1);
    expect(textOf()).toContain('bucket-n00001');
  });

  test('do not hold back what becomes critical', async () => {
    const { accept, pass, drain } = await start({ config });

    await accept(...findings(2));
    await pass(HOUR);
    await accept(guardDutyEvent({ id: 'n00001', minute: 60, severity: 9.5 }));
    await pass(60_000);
    const atNight = shown().map(({ all }) => all);
    await pass(6 * HOUR);
    await drain();

    expect(atNight).toEqual([expect.stringContaining('bucket-n00001')]);
    expect(shown()).toHaveLength(2);
    expect(shown()[1]?.all).not.toContain('bucket-n00001');
  });
});

describe('a scheduled digest', () => {
  const config = `${CONFIG}
routes:
  - { name: collect, match: { severity: [HIGH] }, to: team, decision: digest }
`.replace('language: en\n    slack', 'language: en\n    digest: { every: hour, timezone: UTC }\n    slack');

  test('comes at its time with everything that was collected, in as many messages as it takes', async () => {
    const { accept, pass } = await start({ config });

    await accept(...findings(300));
    await pass(HOUR - 1_000);
    const early = shown().length;
    await pass(HOUR);

    expect(early).toBe(0);
    expect(shown().length).toBeGreaterThan(1);
    expect(shown().length).toBeLessThan(10);
    expect(names(300).filter((id) => !textOf().includes(`bucket-${id}`))).toEqual([]);
  });

  test('is not held up by a message that goes at once', async () => {
    const { accept, pass } = await start({ config });

    await accept(...findings(2), guardDutyEvent({ id: 'now', severity: 9.5 }));
    await pass(5_000);

    expect(shown()).toMatchObject([{ all: expect.stringContaining('bucket-now') }]);
  });
});
