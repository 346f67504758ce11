import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import type { HealthApiEvent, HealthSource } from '#ports/health-source.ts';
import { MAINTENANCE, OUTAGE } from '../../test/contract/health-source.contract.ts';
import { contextOf } from '../../test/stand-ins/events/fates.ts';
import { createFakeHealthSource } from '../../test/stand-ins/health.ts';
import { createFakeClock, createSeededRandom } from '../../test/stand-ins/time.ts';
import { pollHealth } from './poll-health.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function prepare() {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const { directory, policy } = contextOf('company');
  const ports = { store, clock, random: createSeededRandom(), directory: () => directory, policy: () => policy };
  const accounts = async () =>
    (await store.problemPage({ kind: ['health'], limit: 500 })).items.map(({ observation }) => observation.accountId);
  return { clock, store, ports, accounts };
}

/** A Health API that lists what it is given, and notes from when on it was asked. */
function sourceOf(events: HealthApiEvent[]): HealthSource & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    async *changesSince(since) {
      asked.push(since);
      const listed = events.filter((event) => Date.parse(event.lastUpdatedTime) >= since);
      yield* listed.sort((a, b) => Date.parse(a.lastUpdatedTime) - Date.parse(b.lastUpdatedTime));
    },
  };
}

function eventAt(updatedAt: number, affected: readonly string[], more: Partial<HealthApiEvent> = {}): HealthApiEvent {
  return {
    arn: 'arn:aws:health:ap-northeast-1::event/RDS/AWS_RDS_MAINTENANCE_SCHEDULED/EXAMPLE-1',
    service: 'RDS',
    eventTypeCode: 'AWS_RDS_MAINTENANCE_SCHEDULED',
    eventTypeCategory: 'scheduledChange',
    eventScopeCode: 'ACCOUNT_SPECIFIC',
    region: 'ap-northeast-1',
    startTime: '2026-01-10T00:00:00.000Z',
    endTime: null,
    lastUpdatedTime: new Date(updatedAt).toISOString(),
    statusCode: 'upcoming',
    description: 'Your databases get a new minor version.',
    metadata: {},
    affected: affected.map((accountId) => ({ accountId, entities: [] })),
    ...more,
  };
}

const later = 'arn:aws:health:ap-northeast-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/EXAMPLE-2';

describe('polling AWS Health', () => {
  test('makes one problem of an event for each affected account, and one of a public event', async () => {
    const { ports, accounts } = prepare();

    const accepted = await pollHealth(createFakeHealthSource([MAINTENANCE, OUTAGE]), ports);

    expect(accepted).toBe(24);
    expect(new Set(await accounts())).toEqual(new Set([...MAINTENANCE.accounts.map(({ id }) => id), null]));
  });

  test('tells nobody of an event for accounts before AWS says which, and all of them once it does', async () => {
    const { clock, ports, accounts } = prepare();
    const events = [eventAt(clock.now() - MINUTE, [])];
    await pollHealth(sourceOf(events), ports);
    const before = await accounts();

    events[0] = eventAt(clock.now() - MINUTE, ['111122223333', '222233334444']);
    clock.advance(5 * MINUTE);
    await pollHealth(sourceOf(events), ports);

    expect(before).toEqual([]);
    expect((await accounts()).sort()).toEqual(['111122223333', '222233334444']);
  });

  test('reads such an event again however far others have moved on, and takes nothing else twice', async () => {
    const { clock, ports, store } = prepare();
    const unfinished = clock.now() - MINUTE;
    const events = [eventAt(unfinished, [])];
    const source = sourceOf(events);
    await pollHealth(source, ports);
    const [old, newest] = [clock.now() + 3 * HOUR, clock.now() + 4 * HOUR];
    events.push(eventAt(old, ['111122223333'], { arn: later }));
    events.push(eventAt(newest, ['111122223333'], { arn: `${later}-3` }));
    clock.advance(5 * HOUR);
    await pollHealth(source, ports);
    events[0] = eventAt(unfinished, ['222233334444']);

    await pollHealth(source, ports);
    await pollHealth(source, ports);

    expect(source.asked[2]).toBe(unfinished);
    expect(source.asked[3]).toBe(newest - 10 * MINUTE);
    const seen = (await store.problemPage({})).items.map(({ observation, timesSeen }) => [
      observation.updatedAt,
      timesSeen,
    ]);
    expect(seen).toEqual(
      expect.arrayContaining([
        [old, 1],
        [unfinished, 1],
      ]),
    );
  });

  test('tells the central team of one that stays without accounts for a day', async () => {
    const { clock, ports, accounts } = prepare();
    const source = sourceOf([eventAt(clock.now(), [])]);
    await pollHealth(source, ports);
    clock.advance(DAY);

    await pollHealth(source, ports);

    expect(await accounts()).toEqual([null]);
  });

  test('stops waiting for one that AWS no longer lists', async () => {
    const { clock, ports } = prepare();
    const unfinished = clock.now();
    const events = [eventAt(unfinished, [])];
    const source = sourceOf(events);
    await pollHealth(source, ports);
    events[0] = eventAt(unfinished + HOUR, ['111122223333'], { arn: later });
    clock.advance(DAY);
    await pollHealth(source, ports);

    await pollHealth(source, ports);

    expect(source.asked.slice(1)).toEqual([unfinished - 10 * MINUTE, unfinished + HOUR - 10 * MINUTE]);
  });

  test('accepts all parts of an event that was told to accounts in different words', async () => {
    const { clock, ports, accounts } = prepare();
    const at = clock.now() - MINUTE;
    await pollHealth(sourceOf([eventAt(at, [])]), ports);
    clock.advance(HOUR);
    const parts = [eventAt(at, ['111122223333']), eventAt(at, ['222233334444'], { description: 'Another text.' })];

    await pollHealth(sourceOf([...parts, eventAt(clock.now(), ['111122223333'], { arn: later })]), ports);

    expect((await accounts()).sort()).toEqual(['111122223333', '111122223333', '222233334444']);
  });

  test('goes on where it was when a long run broke off', async () => {
    const { clock, ports, store } = prepare();
    const events = Array.from({ length: 250 }, (_none, n) =>
      eventAt(clock.now() - 6 * DAY + n * 30 * MINUTE, ['111122223333'], { arn: `${later}-${n}` }),
    );
    const full = sourceOf(events);
    const broken: HealthSource = {
      async *changesSince(since) {
        let left = 220;
        for await (const event of full.changesSince(since)) {
          left -= 1;
          if (left === 0) throw new Error('AWS Health went away');
          yield event;
        }
      },
    };
    await expect(pollHealth(broken, ports)).rejects.toThrow('went away');

    await pollHealth(full, ports);

    expect(full.asked[1]).toBe(clock.now() - 6 * DAY + 199 * 30 * MINUTE - 10 * MINUTE);
    expect((await store.problemPage({})).total).toBe(250);
  });
});
