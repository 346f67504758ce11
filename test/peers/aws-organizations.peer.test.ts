import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  TagResourceCommand,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createOrganizationsDirectory } from '#adapters/organizations/organizations-directory.ts';
import {
  describeDirectorySource,
  type GivenOrganization,
  TWELVE_ACCOUNTS,
} from '../contract/directory-source.contract.ts';
import { motoAccess, motoMissing, motoUrl, resetMoto } from '../stand-ins/moto.ts';
import { createFakeClock } from '../stand-ins/time.ts';

const MANAGEMENT = '111122223333';
const ROLE = `arn:aws:iam::${MANAGEMENT}:role/yagura-read`;

describe.skipIf(motoMissing)('Organizations of a real peer', () => {
  describeDirectorySource('AWS Organizations (moto server)', async (given) => {
    await resetMoto();
    await build(given);
    return {
      source: createOrganizationsDirectory({
        ...motoAccess(),
        roleArn: ROLE,
        externalId: 'example',
        clock: createFakeClock(),
      }),
      managementAccount: MANAGEMENT,
    };
  });

  test('without the role in the management account there is no organization to read', async () => {
    await resetMoto();
    await build(TWELVE_ACCOUNTS);
    const source = createOrganizationsDirectory({ ...motoAccess(), clock: createFakeClock() });

    await expect(source.read()).rejects.toMatchObject({
      code: 'directory.unavailable',
      message: expect.stringContaining('AWSOrganizationsNotInUseException'),
    });
  });
});

/** Makes the organization in the management account, whose credentials come from the assumed role. */
async function build(given: GivenOrganization): Promise<void> {
  const organizations = await clientInManagementAccount();
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots } = await organizations.send(new ListRootsCommand({}));
  const root = Roots?.[0]?.Id ?? '';
  const units = new Map<string, string>([['', root]]);
  for (const path of [...given.accounts.map((account) => account.ou), ...(given.emptyOus ?? [])])
    await makeUnits(organizations, units, path);
  for (const account of given.accounts) {
    const made = await organizations.send(
      new CreateAccountCommand({ AccountName: account.key, Email: `${account.key}@example.com` }),
    );
    const id = made.CreateAccountStatus?.AccountId ?? '';
    await organizations.send(
      new MoveAccountCommand({ AccountId: id, SourceParentId: root, DestinationParentId: units.get(account.ou) ?? '' }),
    );
    const tags = Object.entries(account.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    if (tags.length > 0) await organizations.send(new TagResourceCommand({ ResourceId: id, Tags: tags }));
    if (account.closed === true) await organizations.send(new CloseAccountCommand({ AccountId: id }));
  }
}

async function makeUnits(organizations: OrganizationsClient, units: Map<string, string>, path: string): Promise<void> {
  const steps = path.split('/');
  for (const [depth, Name] of steps.entries()) {
    const here = steps.slice(0, depth + 1).join('/');
    if (here === '' || units.has(here)) continue;
    const made = await organizations.send(
      new CreateOrganizationalUnitCommand({ ParentId: units.get(steps.slice(0, depth).join('/')) ?? '', Name }),
    );
    units.set(here, made.OrganizationalUnit?.Id ?? '');
  }
}

async function clientInManagementAccount(): Promise<OrganizationsClient> {
  const { Credentials } = await createAwsClients(motoAccess())(STSClient).send(
    new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'test' }),
  );
  return new OrganizationsClient({
    endpoint: motoUrl(),
    region: 'us-east-1',
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}
