import type { GivenOrganization } from '../contract/directory-source.contract.ts';
import type { AwsAnswer, AwsCall } from './aws-json.ts';

export const MANAGEMENT_ACCOUNT = '111122223333';
const PAGE = 3;

/** Answers the calls of AWS Organizations for one organization, three items a page, with an empty page in between now and then. */
export function organizationsHandler(given: GivenOrganization): (call: AwsCall) => AwsAnswer {
  const units = new Map<string, string>([['', 'r-root']]);
  for (const path of [...given.accounts.map((account) => account.ou), ...(given.emptyOus ?? [])]) {
    path.split('/').forEach((_step, depth, steps) => {
      const prefix = steps.slice(0, depth + 1).join('/');
      if (prefix !== '' && !units.has(prefix)) units.set(prefix, `ou-root-${String(units.size).padStart(8, '0')}`);
    });
  }
  const accounts = [
    { key: 'management', ou: '', tags: {}, closed: false, id: MANAGEMENT_ACCOUNT },
    ...given.accounts.map((account, index) => ({
      tags: {},
      closed: false,
      ...account,
      id: String(444455550000 + index),
    })),
  ];
  const pathOf = (id: unknown): string | undefined => [...units].find(([, unit]) => unit === id)?.[0];

  return ({ target, input }) => {
    switch (target) {
      case 'DescribeOrganization':
        return { body: { Organization: { Id: 'o-example', MasterAccountId: MANAGEMENT_ACCOUNT, FeatureSet: 'ALL' } } };
      case 'ListRoots':
        return page('Roots', [{ Id: 'r-root', Name: 'Root' }], input);
      case 'ListOrganizationalUnitsForParent': {
        const parent = pathOf(input['ParentId']);
        const below = [...units].filter(([path]) => path !== '' && path.split('/').slice(0, -1).join('/') === parent);
        return page(
          'OrganizationalUnits',
          below.map(([path, Id]) => ({ Id, Name: path.split('/').at(-1) })),
          input,
        );
      }
      case 'ListAccountsForParent': {
        const inside = accounts.filter((account) => account.ou === pathOf(input['ParentId']));
        return page(
          'Accounts',
          inside.map(({ id, key, closed }) => ({
            Id: id,
            Name: key,
            Email: `${key}@example.com`,
            State: closed ? 'SUSPENDED' : 'ACTIVE',
          })),
          input,
        );
      }
      case 'ListTagsForResource': {
        const tags = accounts.find((account) => account.id === input['ResourceId'])?.tags ?? {};
        return page(
          'Tags',
          Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          input,
        );
      }
      default:
        return { error: 'UnknownOperationException' };
    }
  };
}

function page(name: string, items: readonly unknown[], input: Record<string, unknown>): AwsAnswer {
  // A token is the position, marked `e` when the empty page before it was sent.
  const token = String(input['NextToken'] ?? '0');
  const at = Number.parseInt(token, 10);
  if (at > 0 && at % (2 * PAGE) === 0 && !token.endsWith('e')) return { body: { [name]: [], NextToken: `${at}e` } };
  const next = at + PAGE < items.length ? { NextToken: String(at + PAGE) } : {};
  return { body: { [name]: items.slice(at, at + PAGE), ...next } };
}
