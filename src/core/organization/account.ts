declare const accountIdBrand: unique symbol;
/** Twelve digits. */
export type AccountId = string & { readonly [accountIdBrand]: true };

/** The id when it is one, else undefined. */
export function accountId(value: unknown): AccountId | undefined {
  // The pattern is the brand's definition.
  return typeof value === 'string' && /^\d{12}$/.test(value) ? (value as AccountId) : undefined;
}

/** One AWS account as the directory knows it; `ou` is the path below the root, e.g. `Workloads/Prod`. */
export type Account = {
  readonly id: AccountId;
  readonly name: string;
  readonly ou: string;
  readonly environment: string;
  readonly team: string | null;
  /** Where the owner comes from; `none` is said loudly in messages. */
  readonly ownerFrom: 'entry' | 'tag' | 'ou' | 'none';
  readonly email?: string;
  readonly status?: string;
};

/** What a message or a table shows of an account; an id the directory does not know is shown as it came. */
export type AccountView = {
  readonly id: string;
  readonly name: string | null;
  readonly ou: string | null;
  readonly environment: string | null;
};

/** `prod-payments (111122223333)`, or the bare id when no name is known. */
export function accountLabel(account: AccountView): string {
  return account.name === null ? account.id : `${account.name} (${account.id})`;
}
