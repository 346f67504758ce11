import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { awsEvent, type JsonObject } from '../../../test/stand-ins/events/aws-events.ts';
import { organizationsHandler } from '../../../test/stand-ins/organizations.ts';
import { type Home, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const CONFIG = `
organization: { aws: {} }
central: { slack: { securityhub: "#sec" } }
`;
/** The first account of the stand-in's organization. */
const ACCOUNT = '444455550000';

let aws: AwsJsonServer;
let accounts: { key: string; ou: string }[];
let answers: boolean;
beforeEach(async () => {
  accounts = [];
  answers = true;
  aws = await startAwsJsonServer((call) =>
    answers ? organizationsHandler({ accounts })(call) : { error: 'AccessDeniedException', message: 'no' },
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

const openHome = homePerTest();

function created(id = ACCOUNT): JsonObject {
  return awsEvent({
    of: 'account-created',
    set: { 'detail.serviceEventDetails.createAccountStatus.accountId': id },
  });
}

function left(): JsonObject {
  return awsEvent({
    of: 'account-moved',
    set: { 'detail.eventName': 'RemoveAccountFromOrganization', 'detail.requestParameters': { accountId: ACCOUNT } },
  });
}

async function messages(home: Home): Promise<string[]> {
  const found = (await home.running.yagura.store.messagePage({})).items;
  return found.map(({ text }) => text);
}

describe('news of an account', () => {
  it('is told with the name that AWS knows by then, although the directory was older', async () => {
    const home = await openHome({ configText: CONFIG });
    accounts.push({ key: 'brand-new', ou: 'Sandbox' });

    await home.call('POST', '/events', { body: [created()] });

    await vi.waitFor(async () => expect(await messages(home)).toHaveLength(1), { timeout: 8_000 });
    expect(await messages(home)).toEqual([expect.stringContaining(`brand-new (${ACCOUNT})`)]);
  });

  it('is durable before the directory is read, and told later when AWS does not answer', async () => {
    const home = await openHome({ configText: CONFIG });
    const before = aws.callsOf('ListRoots').length;
    answers = false;

    const answer = await home.call('POST', '/events', { body: [created()] });

    expect(answer.status).toBe(202);
    const { items } = await home.running.yagura.store.outboxPage({});
    expect(items).toMatchObject([{ action: 'post', state: 'queued' }]);
    expect(aws.callsOf('ListRoots')).toHaveLength(before);
    await vi.waitFor(async () => expect(await messages(home)).toHaveLength(1), { timeout: 8_000 });
    expect(await messages(home)).toEqual([expect.stringContaining(ACCOUNT)]);
  });

  it('that comes for many accounts reads the directory once', async () => {
    const home = await openHome({ configText: CONFIG });
    const before = aws.callsOf('ListRoots').length;

    for (let n = 0; n < 10; n += 1) await home.call('POST', '/events', { body: [created(String(777700000000 + n))] });

    await vi.waitFor(async () => expect(await messages(home)).toHaveLength(10), { timeout: 8_000 });
    expect(aws.callsOf('ListRoots').length - before).toBeLessThanOrEqual(2);
  });

  it('that left says its name, although the directory has forgotten it', async () => {
    accounts.push({ key: 'old-friend', ou: 'Sandbox' });
    const home = await openHome({ configText: CONFIG });
    accounts.pop();

    await home.send([left()]);
    await home.write('POST', '/api/directory/refresh');
    await home.send([awsEvent({ of: 'account-moved', set: { 'detail.eventID': 'x' } })]);

    expect(await messages(home)).toContainEqual(expect.stringContaining(`old-friend (${ACCOUNT})`));
  });
});
