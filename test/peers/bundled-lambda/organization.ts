import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  TagResourceCommand,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { motoAccess } from '../../stand-ins/moto.ts';

export const MANAGEMENT_ACCOUNT = '777788889999';
export const MANAGEMENT_ROLE = `arn:aws:iam::${MANAGEMENT_ACCOUNT}:role/YaguraOrganizationRead`;
export const EXTERNAL_ID = 'yagura-o-exampleorgid';

/** The management account and eleven more: twelve accounts in five OUs. */
const ACCOUNTS: Readonly<Record<string, { readonly ou: string; readonly tags?: Readonly<Record<string, string>> }>> = {
  audit: { ou: 'Security' },
  'log-archive': { ou: 'Security' },
  network: { ou: 'Infrastructure', tags: { environment: 'prod' } },
  'payments-prod': { ou: 'Workloads/Prod', tags: { team: 'payments', environment: 'prod' } },
  'payments-dev': { ou: 'Workloads/NonProd', tags: { team: 'payments' } },
  'web-prod': { ou: 'Workloads/Prod', tags: { team: 'web', environment: 'prod' } },
  'web-dev': { ou: 'Workloads/NonProd' },
  'data-prod': { ou: 'Workloads/Prod', tags: { team: 'data', environment: 'prod' } },
  'data-dev': { ou: 'Workloads/NonProd' },
  'sandbox-tanaka': { ou: 'Sandbox', tags: { owner: '田中' } },
  'sandbox-suzuki': { ou: 'Sandbox' },
};

/** Account ids by name, as AWS gave them out. */
export type AccountIds = ReadonlyMap<string, string>;

/** Makes the organization in moto's management account. */
export async function createOrganization(): Promise<AccountIds> {
  const client = await inManagementAccount();
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots } = await client.send(new ListRootsCommand({}));
  const units = new Map<string, string>([['', Roots?.[0]?.Id ?? '']]);
  const ids = new Map<string, string>();
  for (const [name, { ou, tags = {} }] of Object.entries(ACCOUNTS))
    ids.set(name, await createAccount(client, name, await unitOf(client, units, ou), units.get('') ?? '', tags));
  return ids;
}

/** Opens one more account, directly under the root and without tags. */
export async function openAccount(name: string): Promise<string> {
  const client = await inManagementAccount();
  const { Roots } = await client.send(new ListRootsCommand({}));
  const root = Roots?.[0]?.Id ?? '';
  return await createAccount(client, name, root, root, {});
}

/** Tags an account of the organization. */
export async function tagAccount(id: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const client = await inManagementAccount();
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await client.send(new TagResourceCommand({ ResourceId: id, Tags }));
}

async function createAccount(
  client: OrganizationsClient,
  name: string,
  unit: string,
  root: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const made = await client.send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }));
  const id = made.CreateAccountStatus?.AccountId ?? '';
  if (unit !== root)
    await client.send(new MoveAccountCommand({ AccountId: id, SourceParentId: root, DestinationParentId: unit }));
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (Tags.length > 0) await client.send(new TagResourceCommand({ ResourceId: id, Tags }));
  return id;
}

async function unitOf(client: OrganizationsClient, units: Map<string, string>, path: string): Promise<string> {
  const steps = path.split('/');
  for (const [depth, Name] of steps.entries()) {
    const here = steps.slice(0, depth + 1).join('/');
    if (units.has(here)) continue;
    const ParentId = units.get(steps.slice(0, depth).join('/')) ?? '';
    const made = await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }));
    units.set(here, made.OrganizationalUnit?.Id ?? '');
  }
  return units.get(path) ?? '';
}

async function inManagementAccount(): Promise<OrganizationsClient> {
  const { Credentials } = await new STSClient(motoAccess()).send(
    new AssumeRoleCommand({ RoleArn: MANAGEMENT_ROLE, RoleSessionName: 'test' }),
  );
  return new OrganizationsClient({
    ...motoAccess(),
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}
