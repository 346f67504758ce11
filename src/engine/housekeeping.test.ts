import { expect, test } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import { createMemoryChat } from '#adapters/memory-chat/memory-chat.ts';
import { createRenderer } from '#adapters/message-renderer/renderer.ts';
import { createMemoryPacer } from '#adapters/pacer/memory-pacer.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { buildDirectory } from '#core/organization/directory.ts';
import { awsEvent } from '../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom, createSkippingSleeper } from '../../test/stand-ins/time.ts';
import { acceptEvents } from './accept-events.ts';
import { housekeeping } from './housekeeping.ts';

const MINUTE = 60_000;

function prepare() {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const { directory, policy } = contextOf('company');
  const ports = { store, clock, random: createSeededRandom(), directory: () => directory, policy: () => policy };
  const delivery = {
    ...ports,
    links: {},
    sleeper: createSkippingSleeper(clock),
    chat: createMemoryChat({ now: clock.now }),
    renderer: createRenderer(),
    pacer: createMemoryPacer(),
    intervalMs: () => 1_000,
    log: () => undefined,
  };
  /** As it runs when these accounts have the payments team as owner. */
  const keepHouse = async (owned: readonly string[] = []) => {
    const accounts = owned.map((id) => `{ id: "${id}", name: "n${id}", team: payments }`);
    const { config } = parseConfig(
      `organization: { accounts: [${accounts.join()}] }\nteams: { payments: { name: P } }`,
    );
    if (config === undefined) throw new Error('the configuration is not valid');
    const context = {
      directory: buildDirectory(config),
      policy,
      exceptions: await store.exceptions(),
      now: clock.now(),
    };
    return await housekeeping(context, ports, delivery);
  };
  const open = (accounts: readonly string[]) =>
    acceptEvents(
      accounts.map((id) => ({
        event: JSON.parse(JSON.stringify(awsEvent('account-created')).replaceAll('888877776666', id)),
      })),
      ports,
    );
  return { clock, store, delivery, ports, keepHouse, open };
}

test('the announcement of an account ends when it has an owner, and no other', async () => {
  const { store, keepHouse, open } = prepare();
  await open(['444455556666', '555566667777']);

  const report = await keepHouse(['444455556666']);

  expect(report.owned).toBe(1);
  const states = (await store.problemPage({})).items.map(({ observation, status, team }) => [
    observation.accountId,
    status,
    team,
  ]);
  expect(states.sort()).toEqual([
    ['444455556666', 'resolved', 'payments'],
    ['555566667777', 'open', null],
  ]);
  expect((await store.outboxPage({})).items[0]).toMatchObject({ action: 'resolve', reason: { code: 'over' } });
});

test('every announcement is looked at, however many stay open before it', async () => {
  const { keepHouse, open } = prepare();
  const accounts = Array.from({ length: 1_100 }, (_none, n) => String(444455550000 + n));
  await open(accounts);

  const report = await keepHouse(accounts.slice(-50));

  expect(report.owned).toBe(50);
});

test('claims that a crash left are settled even when the rest cannot be done', async () => {
  const { clock, store, ports, keepHouse } = prepare();
  await acceptEvents([{ event: awsEvent({ of: 'guardduty', set: { 'detail.severity': 8 } }) }], ports);
  await store.claim('slack:#payments-guardduty', clock.now(), 1, 'single-of-a-dead-worker');
  clock.advance(2 * MINUTE + 1);
  store.problemPage = async () => {
    throw new Error('the table is away');
  };

  await expect(keepHouse()).rejects.toThrow('the table is away');

  expect(await store.outboxCounts()).toMatchObject([{ state: 'queued', count: 1 }]);
});
