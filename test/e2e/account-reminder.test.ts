import { afterEach, expect, test } from 'vitest';
import { parseConfig } from '#core/config/parse-config.ts';
import { routingPolicy } from '#core/notification/policy.ts';
import { buildDirectory } from '#core/organization/directory.ts';
import { housekeeping } from '#engine/housekeeping.ts';
import { awsEvent } from '../stand-ins/events/aws-events.ts';
import { CONFIG, type DeliveryWorld, shownIn, startWorld } from './delivery-world.ts';

const DAY = 86_400_000;
const CENTRAL = '#sec-securityhub';

let world: DeliveryWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function start(): Promise<DeliveryWorld> {
  world = await startWorld();
  return world;
}

/** Keeps house as both homes do, with what yagura.yaml says by then, and delivers what comes of it. */
async function keepHouse({ ports, store, clock, drain, accept }: DeliveryWorld, configText = CONFIG): Promise<void> {
  const { config } = parseConfig(configText);
  if (config === undefined) throw new Error('the configuration is not valid');
  const context = {
    directory: buildDirectory(config),
    policy: routingPolicy(config),
    exceptions: await store.exceptions(),
    now: clock.now(),
  };
  await housekeeping(context, ports, ports);
  // Wakes delivery.
  await accept();
  await drain();
}

test('a new account without an owner is asked for each day in its thread, and closed when it has one', async () => {
  const started = await start();
  await started.accept(awsEvent('account-created'));
  await started.drain();
  for (let day = 1; day <= 2; day += 1) {
    started.clock.advance(DAY);
    await keepHouse(started);
    await keepHouse(started);
  }

  const asked = shownIn(started.slack, CENTRAL);
  const owned = CONFIG.replace('accounts:', 'accounts:\n    - { id: "888877776666", name: sandbox, team: payments }');
  await keepHouse(started, owned);

  expect(asked).toMatchObject([
    { isReply: false, edits: 2, all: expect.stringContaining('Still no owner after') },
    { isReply: true, text: expect.stringContaining('Still no owner after') },
    { isReply: true, text: expect.stringContaining('Still no owner after') },
  ]);
  expect(shownIn(started.slack, CENTRAL)[0]).toMatchObject({ edits: 3, text: expect.stringContaining('Over') });
});

test('a moved account is one message that nobody has to close', async () => {
  const started = await start();

  await started.accept(awsEvent('account-moved'), awsEvent('account-moved'));
  await started.drain();
  started.clock.advance(3 * DAY);
  await keepHouse(started);

  expect(shownIn(started.slack, CENTRAL)).toMatchObject([
    { isReply: false, edits: 0, text: expect.not.stringContaining('over') },
  ]);
});
