import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  changes,
  describeHealthSource,
  type GivenHealthEvent,
  MAINTENANCE,
  OUTAGE,
} from '../../../test/contract/health-source.contract.ts';
import { type AwsJsonHandler, type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { createFakeHealthSource, type HealthWorld, healthHandler } from '../../../test/stand-ins/health.ts';
import { createFakeClock, TEST_EPOCH } from '../../../test/stand-ins/time.ts';
import { activeHealthRegion } from './active-region.ts';
import { createHealthSource, type HealthSourceSettings } from './health-source.ts';

const DAY = 86_400_000;
const SINCE = TEST_EPOCH - 7 * DAY;
const servers: AwsJsonServer[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function healthOn(handler: AwsJsonHandler, more: Partial<HealthSourceSettings> = {}) {
  const server = await startAwsJsonServer(handler);
  servers.push(server);
  const problems: string[] = [];
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const source = createHealthSource({
    endpoint: server.url,
    credentials,
    clock: createFakeClock(),
    onProblem: (problem) => problems.push(problem),
    ...more,
  });
  return { server, source, problems, read: () => changes(source, SINCE) };
}

describeHealthSource('the fake', async (given) => createFakeHealthSource(given));

describeHealthSource(
  'AWS Health (against our own HTTP stand-in: moto has no Health API)',
  async (events) => (await healthOn(healthHandler({ events }))).source,
);

describe('the AWS Health API (against our own HTTP stand-in)', () => {
  test('is asked with the documented target, in the Region of its own endpoint', async () => {
    vi.stubEnv('AWS_REGION', 'ap-northeast-1');
    const { read, server } = await healthOn(healthHandler({ events: [MAINTENANCE] }));

    await read();

    // Health has no endpoint in most Regions, so the Region of everything else must not be used.
    expect(server.calls.every((call) => call.authorization.includes('/us-east-1/health/'))).toBe(true);
    expect(server.callsOf('DescribeEventsForOrganization')[0]?.input).toMatchObject({
      filter: { lastUpdatedTime: { from: SINCE / 1000 } },
    });
  });

  test('is not asked for times longer ago than it keeps', async () => {
    const { source, server } = await healthOn(healthHandler({ events: [] }));

    await changes(source, 0);

    expect(server.callsOf('DescribeEventsForOrganization')[0]?.input).toMatchObject({
      filter: { lastUpdatedTime: { from: (TEST_EPOCH - 90 * DAY) / 1000 } },
    });
  });

  test('refuses details of one account: the account is told with what the others were told, and the gap is reported', async () => {
    const given: GivenHealthEvent = { ...MAINTENANCE, accounts: MAINTENANCE.accounts.slice(0, 12) };
    const { read, problems } = await healthOn(healthHandler({ events: [given], refused: ['444455550005'] }));

    const [event] = await read();

    expect(event?.description).toBe(MAINTENANCE.description);
    expect(event?.affected).toHaveLength(12);
    expect(event?.affected.find((account) => account.accountId === '444455550005')?.entities).toEqual([]);
    expect(problems).toEqual([
      `No details of ${MAINTENANCE.arn} for account 444455550005: InvalidAccount: The account cannot be read.`,
      `No affected resources of ${MAINTENANCE.arn} for account 444455550005: InvalidAccount: The account cannot be read.`,
    ]);
  });

  test('refuses details of all accounts: the event is told without a description', async () => {
    const given: GivenHealthEvent = { ...MAINTENANCE, accounts: MAINTENANCE.accounts.slice(0, 1) };
    const { read, problems } = await healthOn(healthHandler({ events: [given], refused: ['444455550000'] }));

    expect(await read()).toMatchObject([
      { arn: MAINTENANCE.arn, description: '', affected: [{ accountId: '444455550000' }] },
    ]);
    expect(problems).toHaveLength(2);
  });

  test('throttles: the call is made again', async () => {
    const normal = healthHandler({ events: [OUTAGE] });
    let refusals = 1;
    const { read, server } = await healthOn((call) =>
      call.target === 'DescribeEventsForOrganization' && refusals-- > 0
        ? { error: 'ThrottlingException' }
        : normal(call),
    );

    expect(await read()).toHaveLength(1);
    expect(server.callsOf('DescribeEventsForOrganization')).toHaveLength(2);
  });

  test('keeps throttling: the error says so and that trying later may help', async () => {
    const { read } = await healthOn(() => ({ error: 'ThrottlingException' }), { maxAttempts: 1 });

    await expect(read()).rejects.toMatchObject({
      code: 'health.unavailable',
      retryable: true,
      message: expect.stringContaining('limits the rate'),
    });
  });

  test.each(['DescribeHealthServiceStatusForOrganization', 'DescribeEventsForOrganization'])(
    'is not part of the support plan (%s): said in plain words',
    async (target) => {
      const normal = healthHandler({ events: [OUTAGE], status: 'denied' });
      const { read, server } = await healthOn((call) =>
        call.target === target ? { error: 'SubscriptionRequiredException' } : normal(call),
      );

      await expect(read()).rejects.toMatchObject({
        code: 'health.unavailable',
        retryable: false,
        message: expect.stringMatching(
          /support plan.*Business Support\+, Enterprise or Unified Operations.*through Amazon EventBridge still arrive/,
        ),
      });
      expect(server.callsOf('DescribeEvents')).toEqual([]);
    },
  );

  test('is named with call, account and role when it denies one call in the middle', async () => {
    const normal = healthHandler({ events: [MAINTENANCE] });
    const { read } = await healthOn((call) =>
      call.target === 'DescribeAffectedAccountsForOrganization' ? { error: 'AccessDeniedException' } : normal(call),
    );

    await expect(read()).rejects.toMatchObject({
      code: 'health.unavailable',
      message: expect.stringMatching(
        /health:DescribeAffectedAccountsForOrganization on arn:aws:health.*Allow health:DescribeAffectedAccountsForOrganization/,
      ),
    });
  });
});

describe('AWS Health without organizational view (against our own HTTP stand-in)', () => {
  const OWN = '444455550005';

  test.each(['DISABLED', 'PENDING'] as const)(
    'is read for the own account when the view is %s, which is said once',
    async (status) => {
      const { read, problems, server } = await healthOn(
        healthHandler({ events: [MAINTENANCE, OUTAGE], status, account: OWN }),
      );

      const events = await read();
      await read();

      const own = MAINTENANCE.accounts.find((account) => account.id === OWN);
      expect(events).toMatchObject([
        { arn: OUTAGE.arn, eventScopeCode: 'PUBLIC', affected: [], description: OUTAGE.description },
        {
          arn: MAINTENANCE.arn,
          description: MAINTENANCE.description,
          affected: [{ accountId: OWN, entities: own?.entities }],
        },
      ]);
      expect(own?.entities).toHaveLength(5);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(
        new RegExp(`one account only.*enable-health-service-access-for-organization.*${status}`),
      );
      expect(server.callsOf('DescribeEventsForOrganization')).toEqual([]);
    },
  );

  test('is read for the whole organization as soon as somebody turns the view on', async () => {
    const world: HealthWorld = { events: [MAINTENANCE], status: 'DISABLED', account: OWN };
    const { read } = await healthOn(healthHandler(world));
    await read();

    world.status = 'ENABLED';
    const [event] = await read();

    expect(event?.affected).toHaveLength(23);
  });

  test('is read for the own account when neither the status nor the organization may be asked', async () => {
    const normal = healthHandler({ events: [OUTAGE], status: 'denied' });
    const { read, problems } = await healthOn((call) =>
      call.target === 'DescribeEventsForOrganization' ? { error: 'AccessDeniedException' } : normal(call),
    );

    expect(await read()).toMatchObject([{ arn: OUTAGE.arn }]);
    expect(problems).toHaveLength(1);
  });

  test('reads more events than fit one call and one page', async () => {
    const events = Array.from(
      { length: 23 },
      (_empty, index): GivenHealthEvent => ({
        ...MAINTENANCE,
        arn: `${MAINTENANCE.arn}-${index}`,
        accounts: MAINTENANCE.accounts.slice(5, 6),
      }),
    );
    const { read } = await healthOn(healthHandler({ events, status: 'DISABLED', account: OWN }));

    const told = await read();

    expect(told).toHaveLength(23);
    expect(told.every((event) => event.affected[0]?.entities.length === 5)).toBe(true);
  });

  test('takes the account from the role where there is one', async () => {
    const { read, server } = await healthOn(
      (call) =>
        call.target === 'AssumeRole'
          ? {
              xml: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>a</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
            }
          : healthHandler({ events: [MAINTENANCE], status: 'DISABLED', account: OWN })(call),
      { roleArn: `arn:aws:iam::${OWN}:role/yagura-read`, externalId: 'example' },
    );

    expect((await read())[0]?.affected[0]?.accountId).toBe(OWN);
    expect(server.callsOf('GetCallerIdentity')).toEqual([]);
    expect(server.callsOf('AssumeRole')[0]?.input).toMatchObject({
      ExternalId: 'example',
      RoleSessionName: 'yagura-health',
    });
  });
});

test('a delegated administrator, who may not ask for the status, reads the whole organization', async () => {
  const { read, problems } = await healthOn(healthHandler({ events: [MAINTENANCE], status: 'denied' }));

  expect((await read())[0]?.affected).toHaveLength(23);
  expect(problems).toEqual([]);
});

test.each([
  ['the Region AWS points at', async () => ['health.us-east-2.amazonaws.com'], 'us-east-2'],
  ['the usual Region when the name leads elsewhere', async () => ['health.example.com'], 'us-east-1'],
  ['the usual Region when there is no answer', async () => Promise.reject(new Error('ENOTFOUND')), 'us-east-1'],
])('takes %s', async (_name, lookUp, region) => {
  expect(await activeHealthRegion(lookUp)).toBe(region);
});
