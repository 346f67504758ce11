import { describe, expect, test } from 'vitest';
import type { DirectorySource } from '#ports/directory-source.ts';

/** `ou` is the path of OU names; `key` finds the account again where the adapter's peer gives out the ids. */
export type GivenAccount = {
  readonly key: string;
  readonly ou: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly closed?: true;
};

export type GivenOrganization = { readonly accounts: readonly GivenAccount[]; readonly emptyOus?: readonly string[] };

/** 12 accounts in 5 OUs, as the sample organization has them. */
export const TWELVE_ACCOUNTS: GivenOrganization = {
  accounts: [
    { key: 'audit', ou: 'Security', tags: { owner: 'security' } },
    { key: 'log-archive', ou: 'Security' },
    { key: 'network', ou: 'Infrastructure', tags: { owner: 'platform', 'cost-center': '100' } },
    { key: 'shared-services', ou: 'Infrastructure' },
    { key: 'payments-prod', ou: 'Workloads/Prod', tags: { owner: 'payments', environment: 'prod' } },
    { key: 'web-prod', ou: 'Workloads/Prod' },
    { key: 'data-prod', ou: 'Workloads/Prod' },
    { key: 'payments-dev', ou: 'Workloads/NonProd' },
    { key: 'web-dev', ou: 'Workloads/NonProd' },
    { key: 'data-dev', ou: 'Workloads/NonProd' },
    { key: 'sandbox-tanaka', ou: 'Sandbox', tags: { owner: '田中' } },
    { key: 'sandbox-old', ou: 'Sandbox', closed: true },
  ],
};

export type PreparedDirectory = { readonly source: DirectorySource; readonly managementAccount: string };

/** What every DirectorySource must do; `prepare` builds the organization (its management account stands directly under the root). */
export function describeDirectorySource(
  name: string,
  prepare: (given: GivenOrganization) => Promise<PreparedDirectory>,
): void {
  describe(`${name} as a directory source`, () => {
    test('tells every account with its name, mail address, OU path and tags, and the management account', async () => {
      const { source, managementAccount } = await prepare(TWELVE_ACCOUNTS);

      const snapshot = await source.read();

      const members = snapshot.accounts.filter((account) => account.id !== managementAccount);
      const told = members.map((account) => ({ key: account.name, ou: account.ou, tags: account.tags })).sort(byKey);
      expect(told).toEqual(
        TWELVE_ACCOUNTS.accounts.map(({ key, ou, tags }) => ({ key, ou, tags: tags ?? {} })).sort(byKey),
      );
      expect(snapshot.managementAccount).toBe(managementAccount);
      expect(snapshot.accounts.find((account) => account.id === managementAccount)?.ou).toBe('');
      expect(members.every((account) => /^\d{12}$/.test(account.id) && account.email.includes('@'))).toBe(true);
    });

    test('tells closed accounts too, with another status', async () => {
      const { source } = await prepare(TWELVE_ACCOUNTS);

      const { accounts } = await source.read();

      const statusOf = (key: string) => accounts.find((account) => account.name === key)?.status;
      expect(statusOf('sandbox-tanaka')).toBe('ACTIVE');
      expect(statusOf('sandbox-old')).toMatch(/^(SUSPENDED|PENDING_CLOSURE|CLOSED)$/);
    });

    test('tells each account once', async () => {
      const { source } = await prepare(TWELVE_ACCOUNTS);

      const { accounts } = await source.read();

      expect(new Set(accounts.map((account) => account.id)).size).toBe(accounts.length);
      expect(accounts).toHaveLength(13);
    });

    test('keeps OUs of the same name in different branches apart, to the depth AWS allows', async () => {
      const given: GivenOrganization = {
        accounts: [
          { key: 'deep', ou: 'A/B/C/D/Prod' },
          { key: 'flat', ou: 'Prod' },
          { key: 'other', ou: 'B/Prod' },
        ],
      };
      const { source } = await prepare(given);

      const { accounts } = await source.read();

      expect(
        Object.fromEntries(
          accounts.filter((account) => account.ou !== '').map((account) => [account.name, account.ou]),
        ),
      ).toEqual({
        deep: 'A/B/C/D/Prod',
        flat: 'Prod',
        other: 'B/Prod',
      });
    });

    test('reads more accounts, OUs and tags than fit a page', async () => {
      const tags = Object.fromEntries(Array.from({ length: 40 }, (_empty, index) => [`tag-${index}`, String(index)]));
      const given: GivenOrganization = {
        accounts: Array.from({ length: 25 }, (_empty, index) => ({
          key: `account-${index}`,
          ou: 'Many',
          ...(index === 0 ? { tags } : {}),
        })),
        emptyOus: Array.from({ length: 25 }, (_empty, index) => `Empty-${index}`),
      };
      const { source } = await prepare(given);

      const { accounts } = await source.read();

      expect(accounts).toHaveLength(26);
      expect(accounts.find((account) => account.name === 'account-0')?.tags).toEqual(tags);
    });
  });
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}
