import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { buildDirectory, type KnownAccount } from '#core/organization/directory.ts';
import type { StateStore } from '#ports/state-store.ts';
import { awsEvent, type EventRecipe } from '../../test/stand-ins/events/aws-events.ts';
import { createFakeClock, createSeededRandom } from '../../test/stand-ins/time.ts';
import { acceptEvents } from './accept-events.ts';
import { keepAnnouncements } from './account-announcements.ts';

const NEW = '888877776666';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CENTRAL = 'central: { slack: { securityhub: "#sec" } }';

type Listed = Partial<Pick<KnownAccount, 'status'>> | 'missing';

function prepare(configText = CENTRAL, store: StateStore = createMemoryStore()) {
  const clock = createFakeClock();
  const { config } = parseConfig(configText);
  if (config === undefined) throw new Error('the configuration is not valid');
  const policy = routingPolicy(config);
  const file = buildDirectory(config);
  const ports = { store, clock, random: createSeededRandom(), directory: () => file, policy: () => policy };
  /** What AWS Organizations said `ago` ms before now. */
  const organization = (listed: Listed, ago = 0) => {
    const account = { id: NEW, name: 'new', ou: 'Sandbox', tags: {}, status: 'ACTIVE' };
    return buildDirectory(config, listed === 'missing' ? [] : [{ ...account, ...listed }], clock.now() - ago);
  };
  return {
    ...{ clock, store, ports, organization },
    accept: (...recipes: readonly EventRecipe[]) =>
      acceptEvents(
        recipes.map((recipe) => ({ event: awsEvent(recipe) })),
        ports,
      ),
    keep: async (directory = file) =>
      await keepAnnouncements({ directory, policy, exceptions: await store.exceptions(), now: clock.now() }, ports),
    reminders: async () =>
      (await store.outboxPage({ limit: 500 })).items.filter(({ reason }) => reason.code === 'no-owner-yet'),
    statusOf: async (type: string) => (await store.problemPage({ type: [type] })).items.map(({ status }) => status),
  };
}

/** An event of the same account, so many minutes after the one that created it. */
function later(eventName: string, minutes: number, set: Record<string, string> = {}): EventRecipe {
  return {
    of: 'account-moved',
    minutes,
    set: { 'detail.eventName': eventName, 'detail.eventID': `${eventName} ${minutes}`, ...set },
  };
}

describe('a new account without an owner', () => {
  test('is asked for again a day after it was told, under its message', async () => {
    const { accept, clock, keep, reminders } = prepare();
    await accept('account-created');
    clock.advance(DAY - 1);
    const early = await keep();
    clock.advance(1);

    const report = await keep();

    expect([early.reminded, report.reminded]).toEqual([0, 1]);
    expect(await reminders()).toMatchObject([
      { destinationKey: 'slack:#sec', action: 'update', mode: 'send', state: 'queued' },
    ]);
  });

  test('is asked for once a day, however often the house is kept', async () => {
    const { accept, clock, keep, reminders } = prepare();
    await accept('account-created');

    for (let minute = 0; minute < 5 * 24 * 60; minute += 30) {
      clock.advance(30 * 60_000);
      await keep();
    }

    const days = (await reminders()).map(({ reason }) => (reason.code === 'no-owner-yet' ? reason.days : 0));
    expect(days.reverse()).toHaveLength(5);
    expect(days).toEqual([...days].sort((a, b) => a - b));
  });

  test('is asked for once by two homes that keep house at the same time', async () => {
    const { accept, clock, keep, reminders } = prepare();
    await accept('account-created');
    clock.advance(DAY);

    const reports = await Promise.all([keep(), keep(), keep()]);

    expect(reports.reduce((sum, { reminded }) => sum + reminded, 0)).toBe(1);
    expect(await reminders()).toHaveLength(1);
  });

  test('is asked for no sooner after a restart: the store remembers', async () => {
    const before = prepare();
    await before.accept('account-created');
    before.clock.advance(DAY);
    await before.keep();

    const after = prepare(CENTRAL, before.store);
    after.clock.set(before.clock.now() + HOUR);
    const report = await after.keep();

    expect(report.reminded).toBe(0);
  });

  test('is asked for a day after it was told, not after a date that its event may have made up', async () => {
    const { accept, keep } = prepare();
    await accept({ of: 'account-created', set: { 'detail.eventTime': '2019-01-01T00:00:00Z' } });

    const report = await keep();

    expect(report.reminded).toBe(0);
  });

  test('is asked for once although it is announced twice', async () => {
    const { accept, clock, keep, reminders } = prepare();
    await accept('account-created', later('AcceptHandshake', 60, { 'detail.requestParameters.accountId': NEW }));
    clock.advance(DAY);
    await keep();
    await keep();

    expect((await reminders()).map(({ problemKey }) => problemKey)).toEqual([expect.stringContaining('joined')]);
  });

  test('is asked for after the quiet hours, not in the night', async () => {
    const { accept, clock, keep } = prepare(
      'central: { slack: { securityhub: "#sec" }, quietHours: { from: "22:00", to: "07:00", timezone: UTC } }',
    );
    clock.advance(23 * HOUR);
    await accept('account-created');
    clock.advance(DAY);
    const night = await keep();
    clock.advance(8 * HOUR);

    const morning = await keep();

    expect([night.reminded, morning.reminded]).toEqual([0, 1]);
  });

  test('is not asked for where a person accepted that it has none', async () => {
    const { accept, clock, keep, store } = prepare();
    await accept('account-created');
    const [problem] = (await store.problemPage({})).items;
    if (problem === undefined) throw new Error('it was not announced');
    const covered = { ...problem, version: problem.version + 1, exceptionId: 'e' };
    await store.apply([{ problem: covered, expectedVersion: problem.version, outbox: [], history: [] }]);
    clock.advance(DAY);

    expect((await keep()).reminded).toBe(0);
  });

  test('is asked for while AWS Organizations lists it, or has not been read since', async () => {
    const { accept, clock, keep, organization } = prepare();
    await accept('account-created');
    clock.advance(DAY);
    const stale = await keep(organization('missing', DAY));
    clock.advance(DAY);

    const listed = await keep(organization({}));

    expect([stale, listed]).toEqual([
      { owned: 0, gone: 0, reminded: 1 },
      { owned: 0, gone: 0, reminded: 1 },
    ]);
  });

  test.each<Listed>(['missing', { status: 'SUSPENDED' }, { status: 'PENDING_CLOSURE' }])(
    'is closed instead when it is no longer in the organization: %j',
    async (listed) => {
      const { accept, clock, keep, organization, reminders, statusOf } = prepare();
      await accept('account-created');
      clock.advance(DAY);

      const report = await keep(organization(listed));

      expect(report).toEqual({ owned: 0, gone: 1, reminded: 0 });
      expect(await reminders()).toEqual([]);
      expect(await statusOf('CreateAccountResult')).toEqual(['resolved']);
    },
  );
});

describe('the announcement of an account', () => {
  test.each(['CloseAccountResult', 'RemoveAccountFromOrganization', 'LeaveOrganization'])(
    'is closed by %s, wherever it was told',
    async (eventName) => {
      const { accept, keep, statusOf, store } = prepare();
      await accept('account-created');
      await accept(later(eventName, 5));

      const report = await keep();

      expect(report).toEqual({ owned: 0, gone: 1, reminded: 0 });
      expect(await statusOf('CreateAccountResult')).toEqual(['resolved']);
      const { items } = await store.outboxPage({});
      expect(items.filter(({ action }) => action === 'resolve')).toMatchObject([{ destinationKey: 'slack:#sec' }]);
      expect(await keep()).toEqual({ owned: 0, gone: 0, reminded: 0 });
    },
  );

  test('stays when a closing failed, another account left, or it was moved', async () => {
    const { accept, keep, statusOf } = prepare();
    await accept('account-created');
    await accept(
      later('MoveAccount', 5),
      later('CloseAccount', 6),
      later('LeaveOrganization', 7, { 'detail.requestParameters.accountId': '555566667777' }),
      {
        of: 'account-created',
        minutes: 8,
        set: {
          'detail.eventName': 'CloseAccountResult',
          'detail.serviceEventDetails': {
            closeAccountStatus: { accountId: NEW, state: 'FAILED', failureReason: 'HAS_CHARGES' },
          },
        },
      },
    );

    const report = await keep();

    expect(report.gone).toBe(0);
    expect(await statusOf('CreateAccountResult')).toEqual(['open']);
  });

  test('stays when the account had left before and came again', async () => {
    const { accept, keep, statusOf } = prepare();
    await accept(later('LeaveOrganization', -6 * 24 * 60));
    await accept('account-created');

    const report = await keep();

    expect(report.gone).toBe(0);
    expect(await statusOf('CreateAccountResult')).toEqual(['open']);
  });

  test('of an invitation is closed when the account joins, which is announced itself', async () => {
    const { accept, keep, statusOf } = prepare();
    await accept(later('InviteAccountToOrganization', 0), later('AcceptHandshake', 60));

    const report = await keep();

    expect(report.gone).toBe(1);
    expect(await statusOf('InviteAccountToOrganization')).toEqual(['resolved']);
    expect(await statusOf('AcceptHandshake')).toEqual(['open']);
  });

  test('stays closed when the creation is told again later by Control Tower', async () => {
    const { accept, keep, store, organization } = prepare(
      `${CENTRAL}\nteams: { web: { name: Web } }\norganization: { aws: {}, ous: { Sandbox: { team: web } } }`,
    );
    await accept('account-created');
    const report = await keep(organization({}));

    await accept('account-managed');

    expect(report.owned).toBe(1);
    const [problem] = (await store.problemPage({})).items;
    expect(problem).toMatchObject({ status: 'resolved', episode: 1 });
    expect((await store.outboxPage({})).items.filter(({ action }) => action === 'post')).toHaveLength(1);
  });
});
