import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccountRow, DeliveryPage, DirectoryStatus, FindingPage } from '#ports/http-api.ts';
import { type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { awsEvent, type JsonObject } from '../../../test/stand-ins/events/aws-events.ts';
import { organizationsHandler } from '../../../test/stand-ins/organizations.ts';
import { folderPerTest, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const CONFIG = `
organization:
  aws: {}
  ous: { Workloads/Prod: { team: payments, environment: prod } }
  accounts: [{ id: "444455550001", name: renamed-here, team: web }]
teams:
  payments: { name: Payments, slack: { guardduty: "#payments" } }
  web: { name: Web, slack: { guardduty: "#web" } }
central: { slack: { guardduty: "#central" }, minimumSeverity: { guardduty: CRITICAL } }
`;
const ORGANIZATION = {
  accounts: [
    { key: 'shop-prod', ou: 'Workloads/Prod' },
    { key: 'shop-dev', ou: 'Workloads/NonProd' },
    { key: 'tagged', ou: 'Sandbox', tags: { team: 'web', environment: 'sandbox' } },
    { key: 'orphan', ou: 'Sandbox' },
  ],
};

let aws: AwsJsonServer;
let answers: 'yes' | 'no';
beforeEach(async () => {
  answers = 'yes';
  const handler = organizationsHandler(ORGANIZATION);
  aws = await startAwsJsonServer((call) =>
    answers === 'yes'
      ? handler(call)
      : { error: 'AccessDeniedException', message: 'You may not read the organization.' },
  );
  vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const newFolder = folderPerTest();
const openHome = homePerTest();

function finding(account: string): JsonObject {
  return awsEvent({
    of: 'guardduty',
    set: { 'detail.severity': 8, 'detail.accountId': account, 'detail.id': `finding-of-${account}` },
  });
}

async function channelsOf(home: { get<T>(path: string): Promise<T> }): Promise<string[]> {
  const { items } = await home.get<DeliveryPage>('/api/deliveries');
  return items.map(({ destinationKey }) => destinationKey.replace('slack:', '')).sort();
}

describe('accounts from AWS Organizations', () => {
  it('are known when it is ready, so that the first finding reaches its team', async () => {
    const home = await openHome({ configText: CONFIG });

    await home.send([
      finding('444455550000'),
      finding('444455550001'),
      finding('444455550002'),
      finding('444455550003'),
    ]);

    const accounts = await home.get<AccountRow[]>('/api/accounts');
    const known = new Map(
      accounts.map(({ id, name, team, ownerFrom }) => [id, `${name} ${team?.id ?? '-'} ${ownerFrom}`]),
    );
    expect(known.get('444455550000')).toBe('shop-prod payments ou');
    expect(known.get('444455550001')).toBe('renamed-here web entry');
    expect(known.get('444455550002')).toBe('tagged web tag');
    expect(known.get('444455550003')).toBe('orphan - none');
    expect(await channelsOf(home)).toEqual(['#central', '#payments', '#web', '#web']);
    expect(await home.get<DirectoryStatus>('/api/directory')).toMatchObject({
      ...{ source: 'organizations', stale: false, error: null, accounts: 5 },
      readAt: expect.any(Number) as number,
    });
  });

  it('come from the last good copy while AWS does not answer, and that is said', async () => {
    const dataDir = newFolder();
    const first = await openHome({ dataDir, configText: CONFIG });
    await first.running.stop();
    answers = 'no';

    const second = await openHome({ dataDir, configText: CONFIG });
    const status = (await second.write('POST', '/api/directory/refresh')).json;
    await second.send([finding('444455550000')]);

    expect(status).toMatchObject({ source: 'organizations', stale: true, accounts: 5 });
    expect((status as DirectoryStatus).error).toContain('AccessDenied');
    expect(await channelsOf(second)).toEqual(['#payments']);
  });

  it('are unknown when AWS never answered: the central team is told, and nothing is lost', async () => {
    answers = 'no';

    const home = await openHome({ configText: CONFIG });
    await home.send([finding('444455550000')]);

    expect(await channelsOf(home)).toEqual(['#central']);
    expect((await home.get<FindingPage>('/api/findings')).items[0]?.account).toMatchObject({
      id: '444455550000',
      name: null,
    });
    expect(await home.get<DirectoryStatus>('/api/directory')).toMatchObject({ stale: true, readAt: null, accounts: 1 });
    answers = 'yes';
    const refreshed = (await home.write('POST', '/api/directory/refresh')).json;
    expect(refreshed).toMatchObject({ stale: false, error: null, accounts: 5 });
  });

  it('are read again when an account appears', async () => {
    const home = await openHome({ configText: CONFIG });
    const before = aws.callsOf('ListRoots').length;

    await home.send([awsEvent('account-created')]);

    await vi.waitFor(() => expect(aws.callsOf('ListRoots').length).toBeGreaterThan(before));
  });
});

describe('accounts from yagura.yaml', () => {
  it('are there at once, and AWS is not asked', async () => {
    const home = await openHome();

    expect(await home.get<DirectoryStatus>('/api/directory')).toEqual({
      ...{ source: 'config', readAt: null, stale: false, error: null, accounts: 4 },
    });
    expect(aws.calls).toEqual([]);
  });

  it('show ids of events that nobody knows as unknown, first, also when nothing is open there any more', async () => {
    const home = await openHome();
    await home.send([finding('999900001111'), finding('12345'), finding('111122223333')]);
    const over = { 'detail.service.archived': true } as const;
    await home.send([
      awsEvent({
        of: 'guardduty',
        minutes: 5,
        set: { 'detail.accountId': '999900001111', 'detail.id': 'finding-of-999900001111', ...over },
      }),
    ]);

    const accounts = await home.get<AccountRow[]>('/api/accounts');

    const strangers = accounts.filter(({ known }) => !known);
    expect(strangers.map(({ id, name, open }) => ({ id, name, high: open.HIGH }))).toEqual([
      { id: '12345', name: '12345', high: 1 },
      { id: '999900001111', name: '999900001111', high: 0 },
    ]);
    expect(accounts.findIndex(({ team }) => team !== null)).toBe(strangers.length + 1);
    const filter = encodeURIComponent(JSON.stringify([{ property: 'account', operator: '=', value: '12345' }]));
    expect((await home.get<FindingPage>(`/api/findings?filter=${filter}`)).total).toBe(1);
  });
});
