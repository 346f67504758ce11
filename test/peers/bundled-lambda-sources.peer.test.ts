import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '#core/config/parse-config.ts';
import { accountId } from '#core/organization/account.ts';
import { keepDirectory } from '#engine/keep-directory.ts';
import type { OrganizationSnapshot } from '#ports/directory-source.ts';
import { type BundledLambda, lambdaNames } from '../../scripts/bundle-lambdas.ts';
import { awsEvent } from '../stand-ins/events/aws-events.ts';
import { motoAccess, motoMissing, resetMoto } from '../stand-ins/moto.ts';
import { createFakeClock } from '../stand-ins/time.ts';
import { bundleAll } from './bundled-lambda/aws-home.ts';
import {
  type AccountIds,
  createOrganization,
  EXTERNAL_ID,
  MANAGEMENT_ROLE,
  openAccount,
  tagAccount,
} from './bundled-lambda/organization.ts';
import { deployed, neededBy } from './bundled-lambda/permissions.ts';
import { clicked, slackEvent, submitted } from './bundled-lambda/slack-clicks.ts';
import { bucketFinding, SMALL_CONFIG, smallHome } from './bundled-lambda/small-home.ts';
import { eventIn } from './bundled-lambda/story.ts';

const MINUTE = 60_000;
const FROM_AWS = SMALL_CONFIG.replace(/^ {2}accounts:\n.*\n/m, '  aws: {}\n');
const REFUSED = {
  status: 400,
  body: { __type: 'AccessDeniedException', Message: "You don't have permissions to access this resource." },
};

describe.skipIf(motoMissing)('what the bundled functions read', () => {
  let bundles: Readonly<Record<string, BundledLambda>>;
  let ids: AccountIds;

  beforeAll(async () => {
    await resetMoto();
    bundles = await bundleAll();
    ids = await createOrganization();
  });

  async function prepare(config: string) {
    const home = await smallHome(bundles, config);
    const { aws, slack } = home;
    const titles = (channel: string) =>
      slack
        .messages(channel)
        .filter(({ threadTs }) => threadTs === null)
        .map(({ text }) => text);
    const run = async (name: (typeof lambdaNames)[number]) => (await aws.lambda(name)).invoke<unknown>({});
    return { ...home, titles, run };
  }

  const idOf = (name: string): string => ids.get(name) ?? 'missing';

  describe('of the organization', () => {
    test('is every account, through the role that the deployment names', async () => {
      const { aws, run, titles } = await prepare(FROM_AWS);

      const answer = await run('directory-refresh');
      await aws.send([eventIn(idOf('payments-prod'), 'control')]);
      await aws.pump();

      expect(answer).toEqual({ accounts: 12 });
      expect(titles('#payments')).toEqual([expect.stringContaining(`payments-prod (${idOf('payments-prod')})`)]);
      const assumed = aws.gate.calls.find(({ action }) => action === 'sts:AssumeRole');
      expect(Object.fromEntries(new URLSearchParams(assumed?.body))).toMatchObject({
        RoleArn: MANAGEMENT_ROLE,
        ExternalId: EXTERNAL_ID,
      });
    });

    test('stays the last good copy while AWS refuses, and the run fails so that somebody looks', async () => {
      const { aws, run, titles } = await prepare(FROM_AWS);
      await run('directory-refresh');
      aws.gate.fault = ({ action }) => (action.startsWith('organizations:') ? REFUSED : undefined);

      await expect(run('directory-refresh')).rejects.toThrow(
        /AccessDeniedException.*The last good copy, of 2\d{3}-.*is used/,
      );
      await aws.send([eventIn(idOf('payments-prod'), 'control')]);
      await aws.pump();

      expect(titles('#payments')).toEqual([expect.stringContaining('payments-prod')]);
    });

    test('is said to be missing when AWS never answered, and messages go to the central team', async () => {
      const { aws, run, titles } = await prepare(FROM_AWS);
      aws.gate.fault = ({ action }) => (action === 'sts:AssumeRole' ? { status: 403, body: {} } : undefined);

      await expect(run('directory-refresh')).rejects.toThrow('No good copy is there yet');
      await aws.send([eventIn(idOf('payments-prod'), 'control')]);
      await aws.pump();

      expect(titles('#payments')).toEqual([]);
      expect(titles('#central')).toHaveLength(1);
    });

    test('tells of a new account until it has an owner', async () => {
      const { aws, slack, run, titles } = await prepare(FROM_AWS);
      await run('directory-refresh');
      const id = await openAccount('brand-new');
      await aws.send([JSON.parse(JSON.stringify(awsEvent('account-created')).replaceAll('888877776666', id))]);
      await run('directory-refresh');
      await aws.pump();
      const announced = titles('#central');

      await tagAccount(id, { team: 'payments' });
      await run('directory-refresh');
      await aws.passTime(MINUTE);
      await run('sweeper');
      await aws.pump();

      expect(announced).toEqual([expect.stringContaining(`brand-new (${id})`)]);
      expect(slack.messages('#central')[0]?.editedAt).not.toBeNull();
      expect((await aws.store.problemPage({ kind: ['account'] })).items).toMatchObject([{ status: 'resolved' }]);
    });

    test('fits into the table for 5,000 accounts with fifty tags each', async () => {
      const { aws } = await prepare(SMALL_CONFIG);
      const { config } = parseConfig(FROM_AWS);
      if (config === undefined) throw new Error('the configuration is not valid');
      const snapshot = largeOrganization(5_000);
      const ports = { store: aws.store, clock: createFakeClock() };

      const refreshed = await (await keepDirectory(config, { read: async () => snapshot }, ports)).refresh();
      const read = (await keepDirectory(config, undefined, ports)).current();

      expect(refreshed.error).toBeNull();
      expect(read.directory.accounts).toEqual(refreshed.directory.accounts);
      expect(read.directory.accounts).toHaveLength(5_000);
      expect(Buffer.byteLength(JSON.stringify(snapshot))).toBeGreaterThan(5_000_000);
    });
  });

  describe('of AWS Health', () => {
    test('reaches the teams of all affected accounts, and what EventBridge brings of it is the same problem', async () => {
      const { aws, run, titles } = await prepare(SMALL_CONFIG);
      aws.gate.health = { events: [healthEvent(['111122223333', '444455556666'])] };

      const answer = await run('health-poller');
      await run('sweeper');
      await aws.pump();
      const fromHealth = [titles('#payments').length, titles('#central').length];
      await aws.send([awsEvent('health')]);
      await aws.pump();

      expect(answer).toEqual({ observations: 2 });
      expect(fromHealth).toEqual([1, 2]);
      expect([titles('#payments').length, titles('#central').length]).toEqual(fromHealth);
    });

    test('is said plainly to need a support plan, without ringing the alarm of broken functions', async () => {
      const { aws, run } = await prepare(SMALL_CONFIG);
      aws.gate.health = { events: [], withoutPlan: true };

      const answer = await run('health-poller');

      expect(answer).toEqual({ observations: 0 });
      const { log } = await aws.lambda('health-poller');
      expect(log.join()).toMatch(
        /"level":"error".*support plan of this account does not include the AWS Health API.*healthPolling/,
      );
    });

    test('fails the run for any other reason', async () => {
      const { aws, run } = await prepare(SMALL_CONFIG);
      aws.gate.fault = ({ action }) => (action.startsWith('health:') ? REFUSED : undefined);

      await expect(run('health-poller')).rejects.toThrow('Cannot read AWS Health');
    });
  });

  test.each([
    ['is broken', 'teams: ['],
    ['is gone', undefined],
  ])('a configuration that %s leaves the one before in use', async (_what, text) => {
    const { aws, run, titles } = await prepare(SMALL_CONFIG);
    await aws.send([bucketFinding('first')]);
    await aws.pump();
    if (text !== undefined) await overwrite(aws.environment('router')['YAGURA_CONFIG'] ?? '', text);
    else aws.gate.fault = ({ action }) => (action === 's3:GetObject' ? { status: 404, body: '' } : undefined);
    await aws.passTime(2 * MINUTE);

    await aws.send([bucketFinding('second')]);
    await aws.pump();

    expect(titles('#payments')).toHaveLength(2);
    expect((await aws.lambda('router')).log.join()).toContain('those read before are used');
    await expect(run('sweeper')).rejects.toThrow(/cannot be used|Cannot read the configuration/);
  });

  describe('stays within what the deployment gives:', () => {
    const hub = deployed();

    test.each(lambdaNames)('%s knows no other variables', async (name) => {
      const { aws } = await prepare(SMALL_CONFIG);

      const own = Object.keys(aws.environment(name)).filter((key) => key.startsWith('YAGURA_'));

      expect(own.filter((key) => key !== 'YAGURA_SLACK_API_URL').sort()).toEqual([...hub.variables(name)].sort());
    });

    test('none calls what its role forbids', async () => {
      const { aws, slack, run } = await prepare(FROM_AWS);
      aws.gate.health = { events: [healthEvent(['111122223333'])] };
      for (const name of ['directory-refresh', 'health-poller', 'sweeper'] as const) await run(name);
      await aws.send([eventIn(idOf('payments-prod'), 'control'), awsEvent('ec2-state')]);
      await aws.pump();
      const endpoint = await aws.lambda('slack-endpoint');
      for (const button of ['yagura.acknowledge', 'yagura.accept-risk'])
        await endpoint.invoke(slackEvent(clicked(slack, '#payments', button)));
      await endpoint.invoke(slackEvent(submitted(slack, 'This bucket is a public web site.')));
      await aws.pump();

      const needed = neededBy(aws.gate.calls);

      expect(lambdaNames.filter((name) => needed.get(name)?.size === 0)).toEqual([]);
      const forbidden = lambdaNames.map((name) =>
        [...(needed.get(name) ?? [])].filter((action) => !hub.allowed(name).has(action)),
      );
      expect(forbidden).toEqual(lambdaNames.map(() => []));
      expect(slack.views).toHaveLength(1);
    });
  });
});

/** The event of health.json, as the API of AWS Health tells it. */
function healthEvent(accounts: readonly string[]) {
  const { detail } = awsEvent('health');
  const { eventArn } = detail as { eventArn: string };
  return {
    arn: eventArn,
    updatedAt: Date.now() - 5 * MINUTE,
    description: 'We are investigating increased error rates of the EC2 APIs.',
    accounts: accounts.map((id) => ({ id, entities: [{ value: 'i-0123456789abcdef0', status: 'IMPAIRED' }] })),
  };
}

function largeOrganization(count: number): OrganizationSnapshot {
  const accounts = Array.from({ length: count }, (_none, n) => {
    const id = accountId(String(444455550000 + n));
    if (id === undefined) throw new Error('not an account id');
    // Pseudo-random values, which no compression makes small.
    const tags = Array.from({ length: 50 }, (_more, tag) => [
      `tag-${tag}`,
      (((n * 50 + tag) * 48_271) % 2_147_483_647).toString(36),
    ]);
    return {
      id,
      name: `account-${n}`,
      email: `account-${n}@example.com`,
      status: 'ACTIVE',
      ou: 'Workloads/Prod',
      tags: Object.fromEntries(tags),
    };
  });
  return { managementAccount: '777788889999', accounts, readAt: 1_767_571_200_000 };
}

async function overwrite(location: string, text: string): Promise<void> {
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  const s3 = new S3Client({ ...motoAccess(), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: text }));
}
