import { afterEach, expect, test } from 'vitest';
import { describeDirectorySource, TWELVE_ACCOUNTS } from '../../../test/contract/directory-source.contract.ts';
import { type AwsJsonHandler, type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { MANAGEMENT_ACCOUNT, organizationsHandler } from '../../../test/stand-ins/organizations.ts';
import { createFakeClock, TEST_EPOCH } from '../../../test/stand-ins/time.ts';
import { createOrganizationsDirectory, type OrganizationsDirectorySettings } from './organizations-directory.ts';

const ROLE = 'arn:aws:iam::111122223333:role/yagura-read';
const servers: AwsJsonServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function directoryOn(handler: AwsJsonHandler, more: Partial<OrganizationsDirectorySettings> = {}) {
  const server = await startAwsJsonServer(handler);
  servers.push(server);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  return {
    server,
    source: createOrganizationsDirectory({ endpoint: server.url, credentials, clock: createFakeClock(), ...more }),
  };
}

describeDirectorySource('AWS Organizations (HTTP stand-in)', async (given) => {
  const { source } = await directoryOn(organizationsHandler(given));
  return { source, managementAccount: MANAGEMENT_ACCOUNT };
});

test('says when it read', async () => {
  const { source } = await directoryOn(organizationsHandler(TWELVE_ACCOUNTS));

  expect((await source.read()).readAt).toBe(TEST_EPOCH);
});

test('writes a slash in an OU name so that it cannot pass for another branch', async () => {
  const normal = organizationsHandler({ accounts: [{ key: 'payments', ou: 'X' }] });
  const { source } = await directoryOn((call) => {
    const answer = normal(call);
    const renamed =
      call.target === 'ListOrganizationalUnitsForParent' && 'body' in answer
        ? JSON.stringify(answer.body).replace('"X"', '"Workloads/Prod"')
        : undefined;
    return renamed === undefined ? answer : { body: JSON.parse(renamed) };
  });

  const { accounts } = await source.read();

  expect(accounts.find((account) => account.name === 'payments')?.ou).toBe('Workloads%2FProd');
});

test('prefers State, which AWS keeps, to Status, which it retires', async () => {
  const normal = organizationsHandler({ accounts: [] });
  const { source } = await directoryOn((call) =>
    call.target === 'ListAccountsForParent'
      ? { body: { Accounts: [{ Id: '444455556666', Name: 'a', Status: 'ACTIVE', State: 'PENDING_CLOSURE' }] } }
      : normal(call),
  );

  expect((await source.read()).accounts[0]?.status).toBe('PENDING_CLOSURE');
});

test('goes on after being throttled', async () => {
  const normal = organizationsHandler(TWELVE_ACCOUNTS);
  let refusals = 1;
  const { source, server } = await directoryOn((call) =>
    call.target === 'ListRoots' && refusals-- > 0 ? { error: 'TooManyRequestsException' } : normal(call),
  );

  const { accounts } = await source.read();

  expect(accounts).toHaveLength(13);
  expect(server.callsOf('ListRoots')).toHaveLength(2);
});

test('keeps an account whose tags are gone because it just left the organization', async () => {
  const normal = organizationsHandler(TWELVE_ACCOUNTS);
  const { source } = await directoryOn((call) =>
    call.target === 'ListTagsForResource' ? { error: 'TargetNotFoundException' } : normal(call),
  );

  expect((await source.read()).accounts).toHaveLength(13);
});

test('asks for tags of a few accounts at a time only', async () => {
  const normal = organizationsHandler(TWELVE_ACCOUNTS);
  let working = 0;
  let most = 0;
  const { source } = await directoryOn(async (call) => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setImmediate(resolve));
    working--;
    return normal(call);
  });

  await source.read();

  expect(most).toBeLessThanOrEqual(4);
  expect(most).toBeGreaterThan(1);
});

test.each([
  [
    'AccessDeniedException',
    'ListTagsForResource',
    /organizations:ListTagsForResource on account \d{12} failed.*Allow organizations:ListTagsForResource.*management account and delegated administrators only/,
  ],
  [
    'AWSOrganizationsNotInUseException',
    'DescribeOrganization',
    /organizations:DescribeOrganization failed.*in no organization: name a role of the management account/,
  ],
  [
    'TooManyRequestsException',
    'ListAccountsForParent',
    /organizations:ListAccountsForParent on r-root failed.*limits the rate/,
  ],
])('says what %s in %s means and what to check', async (error, target, message) => {
  const normal = organizationsHandler(TWELVE_ACCOUNTS);
  const { source } = await directoryOn((call) => (call.target === target ? { error } : normal(call)), {
    maxAttempts: 1,
  });

  await expect(source.read()).rejects.toMatchObject({
    code: 'directory.unavailable',
    message: expect.stringMatching(message),
  });
});

test('names role and account when the role cannot be assumed', async () => {
  const refusal = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>
<Message>User: arn:aws:sts::444455556666:assumed-role/a/b is not authorized to perform: sts:AssumeRole on resource: ${ROLE}</Message></Error></ErrorResponse>`;
  const { source } = await directoryOn(() => ({ xml: refusal, status: 403 }), {
    roleArn: ROLE,
    region: 'us-east-1',
    maxAttempts: 1,
  });

  await expect(source.read()).rejects.toMatchObject({
    code: 'directory.unavailable',
    retryable: false,
    message: expect.stringMatching(
      /in account 111122223333 with role arn:aws:iam::111122223333:role\/yagura-read: .*could not be assumed.*external id/,
    ),
  });
});

test('says that the endpoint does not answer, and that trying again may help', async () => {
  const { source, server } = await directoryOn(() => ({ body: {} }), { maxAttempts: 1 });
  await server.close();

  await expect(source.read()).rejects.toMatchObject({
    code: 'directory.unavailable',
    retryable: true,
    message: expect.stringContaining('AWS_ENDPOINT_URL'),
  });
});
