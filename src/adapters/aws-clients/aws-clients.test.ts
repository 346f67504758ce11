import { ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, expect, test, vi } from 'vitest';
import { type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { type AwsAccess, accountOfRole, createAwsClients } from './aws-clients.ts';

const ROLE = 'arn:aws:iam::111122223333:role/yagura-read';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
let server: AwsJsonServer | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
});

async function endpoint(expiresAt = '2999-01-01T00:00:00Z'): Promise<AwsAccess> {
  server = await startAwsJsonServer((call) => {
    if (call.target === 'AssumeRole') return { xml: assumed(expiresAt) };
    return call.target === 'ListRoots' ? { body: { Roots: [] } } : { body: { Parameter: { Value: 'x' } } };
  });
  return { endpoint: server.url, region: 'us-east-1', credentials };
}

function assumed(expiresAt: string): string {
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>assumed</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>${expiresAt}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

test('gives the same client for the same class and says who is calling', async () => {
  const aws = createAwsClients(await endpoint());

  await aws(OrganizationsClient).send(new ListRootsCommand({}));

  expect(aws(OrganizationsClient)).toBe(aws(OrganizationsClient));
  expect(server?.calls[0]?.userAgent).toContain('yagura');
});

test('assumes the role with its external id and a name for CloudTrail', async () => {
  const aws = createAwsClients({
    ...(await endpoint()),
    roleArn: ROLE,
    externalId: 'our-secret-word',
    sessionName: 'yagura-directory',
  });

  await aws(OrganizationsClient).send(new ListRootsCommand({}));

  expect(server?.callsOf('AssumeRole')[0]?.input).toMatchObject({
    RoleArn: ROLE,
    ExternalId: 'our-secret-word',
    RoleSessionName: 'yagura-directory',
  });
  expect(server?.callsOf('AssumeRole')[0]?.authorization).toContain('AKIDEXAMPLE/');
  expect(server?.callsOf('ListRoots')[0]?.authorization).toContain('ASIAASSUMED/');
});

test('assumes the role once while its credentials last', async () => {
  const aws = createAwsClients({ ...(await endpoint()), roleArn: ROLE });

  await aws(OrganizationsClient).send(new ListRootsCommand({}));
  await aws(OrganizationsClient).send(new ListRootsCommand({}));

  expect(server?.callsOf('AssumeRole')).toHaveLength(1);
});

test('assumes the role again when its credentials are about to expire', async () => {
  const aws = createAwsClients({ ...(await endpoint('2001-01-01T00:00:00Z')), roleArn: ROLE });

  await aws(OrganizationsClient).send(new ListRootsCommand({}));
  await aws(OrganizationsClient).send(new ListRootsCommand({}));

  expect(server?.callsOf('AssumeRole').length).toBeGreaterThan(1);
});

test('takes endpoint, Region and keys from the environment as any AWS tool does', async () => {
  await endpoint();
  vi.stubEnv('AWS_ENDPOINT_URL', server?.url ?? '');
  vi.stubEnv('AWS_REGION', 'ap-northeast-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENVIRONMENT');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');

  await createAwsClients()(SSMClient).send(new GetParameterCommand({ Name: '/yagura' }));

  expect(server?.calls[0]?.authorization).toMatch(/AKIDENVIRONMENT\/\d{8}\/ap-northeast-1\/ssm/);
});

test('uses AWS_ENDPOINT_URL for the role assumption too', async () => {
  await endpoint();
  vi.stubEnv('AWS_ENDPOINT_URL', server?.url ?? '');

  await createAwsClients({ roleArn: ROLE, credentials, region: 'us-east-1' })(OrganizationsClient).send(
    new ListRootsCommand({}),
  );

  expect(server?.calls.map((call) => call.target)).toEqual(['AssumeRole', 'ListRoots']);
});

test('understands AWS_DEFAULT_REGION, which the SDK for JavaScript does not', async () => {
  const access = await endpoint();
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_DEFAULT_REGION', 'eu-west-1');

  await createAwsClients({ ...access, region: undefined } as unknown as AwsAccess)(SSMClient).send(
    new GetParameterCommand({ Name: '/yagura' }),
  );

  expect(server?.calls[0]?.authorization).toContain('/eu-west-1/');
});

test('gives up after the allowed tries', async () => {
  server = await startAwsJsonServer(() => ({ error: 'InternalServerError', status: 500 }));

  const call = createAwsClients({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 2 })(
    OrganizationsClient,
  ).send(new ListRootsCommand({}));

  await expect(call).rejects.toThrow();
  expect(server.calls).toHaveLength(2);
});

test('stops waiting for an endpoint that never answers', async () => {
  server = await startAwsJsonServer(() => new Promise(() => undefined));

  const call = createAwsClients({
    endpoint: server.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestTimeoutMs: 50,
  })(OrganizationsClient).send(new ListRootsCommand({}));

  await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
});

test.each([
  [ROLE, '111122223333'],
  ['arn:aws-cn:iam::111122223333:role/path/yagura', '111122223333'],
  ['yagura-read', undefined],
  [undefined, undefined],
])('finds in the role %s the account %s', (role, account) => {
  expect(accountOfRole(role)).toBe(account);
});
