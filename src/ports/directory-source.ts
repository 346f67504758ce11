import type { AccountId } from '#core/organization/account.ts';

/** One account as AWS Organizations tells it; `ou` is the path of OU names below the root (empty: directly under it). */
export type OrganizationAccount = {
  readonly id: AccountId;
  readonly name: string;
  readonly email: string;
  readonly status: string;
  readonly ou: string;
  readonly tags: Readonly<Record<string, string>>;
};

export type OrganizationSnapshot = {
  readonly managementAccount: string;
  readonly accounts: readonly OrganizationAccount[];
  readonly readAt: number;
};

/** Reads the organization. Throws `directory.unavailable` naming the call, the account and what to check. */
export interface DirectorySource {
  read(): Promise<OrganizationSnapshot>;
}
