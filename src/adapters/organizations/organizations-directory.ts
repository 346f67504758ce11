import {
  type Account,
  DescribeOrganizationCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { allPages, mapLimited } from '#adapters/aws-clients/pages.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { accountId } from '#core/organization/account.ts';
import type { Clock } from '#ports/clock.ts';
import type { DirectorySource, OrganizationAccount } from '#ports/directory-source.ts';

export type OrganizationsDirectorySettings = AwsAccess & { readonly clock: Clock };

// Organizations allows few calls a second in an account, so few are at work and each is patient.
const AT_ONCE = 4;
const MAX_ATTEMPTS = 10;

type Reader = { call<T>(what: string, send: (client: OrganizationsClient) => Promise<T>): Promise<T> };
type Unit = { readonly id: string; readonly path: string };
type PlacedAccount = { readonly account: Account; readonly ou: string };

/**
 * Reads AWS Organizations with the default credentials or a role in the management (or a delegated administrator's) account.
 * Needs `organizations:DescribeOrganization`, `ListRoots`, `ListOrganizationalUnitsForParent`, `ListAccountsForParent`, `ListTagsForResource`.
 * @example const directory = createOrganizationsDirectory({ roleArn, externalId, clock });
 */
export function createOrganizationsDirectory(settings: OrganizationsDirectorySettings): DirectorySource {
  const { clock, ...given } = settings;
  const access: AwsAccess = {
    fallbackRegion: 'us-east-1',
    sessionName: 'yagura-directory',
    maxAttempts: MAX_ATTEMPTS,
    ...given,
  };
  const client = createAwsClients(access)(OrganizationsClient);
  const reader: Reader = {
    call: async (what, send) => {
      try {
        return await send(client);
      } catch (thrown) {
        throw unavailable(thrown, what, access);
      }
    },
  };
  return {
    read: async () => {
      const readAt = clock.now();
      const managementAccount = await managementAccountOf(reader);
      const placed = (await mapLimited(await unitsOf(reader), AT_ONCE, (unit) => accountsIn(reader, unit))).flat();
      // An account that is moved during the walk can be met in both places; the later one is where it went.
      const distinct = [...new Map(placed.map((found) => [found.account.Id, found])).values()];
      const accounts = await mapLimited(distinct, AT_ONCE, (found) => described(reader, found));
      return { managementAccount, accounts: accounts.sort((a, b) => (a.id < b.id ? -1 : 1)), readAt };
    },
  };
}

async function managementAccountOf(reader: Reader): Promise<string> {
  const { Organization } = await reader.call('organizations:DescribeOrganization', (client) =>
    client.send(new DescribeOrganizationCommand({})),
  );
  return Organization?.MasterAccountId ?? '';
}

/** The root and every OU below it, parents first. */
async function unitsOf(reader: Reader): Promise<readonly Unit[]> {
  const roots = await reader.call('organizations:ListRoots', (client) =>
    allPages(async (NextToken) => {
      const page = await client.send(new ListRootsCommand({ NextToken }));
      return { items: page.Roots, next: page.NextToken };
    }),
  );
  let level: readonly Unit[] = roots.map((root) => ({ id: root.Id ?? '', path: '' }));
  const units: Unit[] = [];
  while (level.length > 0) {
    units.push(...level);
    level = (await mapLimited(level, AT_ONCE, (parent) => unitsBelow(reader, parent))).flat();
  }
  return units;
}

async function unitsBelow(reader: Reader, parent: Unit): Promise<Unit[]> {
  const units = await reader.call(`organizations:ListOrganizationalUnitsForParent on ${parent.id}`, (client) =>
    allPages(async (NextToken) => {
      const page = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: parent.id, NextToken }));
      return { items: page.OrganizationalUnits, next: page.NextToken };
    }),
  );
  return units.map((unit) => ({ id: unit.Id ?? '', path: pathBelow(parent.path, unit.Name ?? unit.Id ?? '') }));
}

// A name may hold a slash; written as it is, an OU could pass for one of another branch, with other owners.
function pathBelow(parent: string, name: string): string {
  const step = name.replaceAll('/', '%2F');
  return parent === '' ? step : `${parent}/${step}`;
}

async function accountsIn(reader: Reader, unit: Unit): Promise<PlacedAccount[]> {
  const accounts = await reader.call(`organizations:ListAccountsForParent on ${unit.id}`, (client) =>
    allPages(async (NextToken) => {
      const page = await client.send(new ListAccountsForParentCommand({ ParentId: unit.id, NextToken }));
      return { items: page.Accounts, next: page.NextToken };
    }),
  );
  return accounts.map((account) => ({ account, ou: unit.path }));
}

async function described(reader: Reader, { account, ou }: PlacedAccount): Promise<OrganizationAccount> {
  const id = accountId(account.Id);
  if (id === undefined)
    throw new YaguraError(
      'directory.unavailable',
      `organizations:ListAccountsForParent gave an account whose id is not 12 digits (${String(account.Id)}); check the endpoint.`,
    );
  return {
    id,
    name: account.Name ?? id,
    email: account.Email ?? '',
    // AWS retires Status in favour of State, and older stand-ins know only Status.
    status: account.State ?? account.Status ?? 'UNKNOWN',
    ou,
    tags: await tagsOf(reader, id),
  };
}

async function tagsOf(reader: Reader, id: string): Promise<Readonly<Record<string, string>>> {
  const tags = await reader.call(`organizations:ListTagsForResource on account ${id}`, (client) =>
    allPages(async (NextToken) => {
      const page = await client.send(new ListTagsForResourceCommand({ ResourceId: id, NextToken })).catch(ifGone);
      return { items: page.Tags, next: page.NextToken };
    }),
  );
  return Object.fromEntries(tags.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

// An account can leave the organization between the list and this question.
function ifGone(thrown: unknown): { Tags: []; NextToken: undefined } {
  if (awsFailure(thrown).name === 'TargetNotFoundException') return { Tags: [], NextToken: undefined };
  throw thrown;
}

function unavailable(thrown: unknown, what: string, access: AwsAccess): YaguraError {
  const failure = awsFailure(thrown);
  const text = explainAwsFailure(failure, { what, access });
  return new YaguraError(
    'directory.unavailable',
    `Cannot read the organization: ${text}${more(failure.name, failure.kind)}`,
    { cause: thrown, retryable: failure.retryable },
  );
}

function more(name: string, kind: string): string {
  if (name === 'AWSOrganizationsNotInUseException') {
    return ' This account is in no organization: name a role of the management account in organization.aws.roleArn, or list the accounts in yagura.yaml.';
  }
  return kind === 'denied' ? ' Organizations answers the management account and delegated administrators only.' : '';
}
