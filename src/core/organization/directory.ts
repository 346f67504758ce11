import type { Config } from '#core/config/config-schema.ts';
import { type Account, type AccountView, accountId } from '#core/organization/account.ts';

/** What AWS Organizations told, reduced to what ownership needs. */
export type KnownAccount = {
  readonly id: string;
  readonly name: string;
  readonly ou: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly email?: string;
  readonly status?: string;
};

/** Answers whose account an id is. */
export type Directory = {
  readonly accounts: readonly Account[];
  find(id: string): Account | undefined;
  /** What to show for an id, known or not. */
  view(id: string, nameHint?: string): AccountView;
  teamName(team: string | null): string | null;
  /** Whether AWS Organizations listed the account when it was last read; `unknown` when that was not clearly after `since`, or never. */
  membership(id: string | null, since: number): 'member' | 'gone' | 'unknown';
};

/** A new account may be missing in the answers of AWS for a moment. */
const SETTLED_MS = 3_600_000;
const NOT_MEMBERS: ReadonlySet<string> = new Set(['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']);

/**
 * Owner by explicit entry, else account tag, else OU (longest path), else none. `readAt`: when AWS Organizations told of `known`; null
 * when accounts are known from yagura.yaml alone.
 */
export function buildDirectory(
  config: Config,
  known: readonly KnownAccount[] = [],
  readAt: number | null = null,
): Directory {
  const accounts = new Map<string, Account>();
  for (const account of known) accounts.set(account.id, fromOrganizations(account, config));
  for (const entry of config.organization.accounts) {
    const tagged = accounts.get(entry.id);
    accounts.set(entry.id, fromEntry(entry, tagged, config));
  }
  const find = (id: string) => accounts.get(id);
  return {
    accounts: [...accounts.values()],
    find,
    view: (id, nameHint) => {
      const account = find(id);
      if (account === undefined) return { id, name: nameHint ?? null, ou: null, environment: null };
      return { id, name: account.name, ou: account.ou, environment: account.environment };
    },
    membership: (id, since) => {
      if (id === null || readAt === null || readAt < since + SETTLED_MS) return 'unknown';
      const status = known.find((account) => account.id === id)?.status;
      return status === undefined || NOT_MEMBERS.has(status) ? 'gone' : 'member';
    },
    teamName: (team) => {
      if (team === null) return null;
      const known = Object.hasOwn(config.teams, team) ? config.teams[team] : undefined;
      return known?.name ?? team;
    },
  };
}

type Entry = Config['organization']['accounts'][number];

function fromEntry(entry: Entry, tagged: Account | undefined, config: Config): Account {
  const ou = entry.ou === '' ? (tagged?.ou ?? '') : entry.ou;
  const inherited = tagged ?? byOu(ou, config);
  const team = entry.team ?? inherited.team;
  return {
    id: brand(entry.id),
    name: entry.name,
    ou,
    environment: entry.environment === '' ? inherited.environment : entry.environment,
    team,
    ownerFrom: entry.team === undefined ? inherited.ownerFrom : 'entry',
    ...(tagged?.email === undefined ? {} : { email: tagged.email }),
    ...(tagged?.status === undefined ? {} : { status: tagged.status }),
  };
}

function fromOrganizations(account: KnownAccount, config: Config): Account {
  const tags = new Map(Object.entries(account.tags).map(([key, value]) => [key.toLowerCase(), value]));
  const access = config.organization.aws;
  const ofOu = byOu(account.ou, config);
  const tagTeam = tags.get((access?.teamTag ?? 'team').toLowerCase());
  // A tag that names no configured team is not an owner: nobody would get the message.
  const team = tagTeam !== undefined && Object.hasOwn(config.teams, tagTeam) ? tagTeam : undefined;
  return {
    id: brand(account.id),
    name: account.name,
    ou: account.ou,
    environment: tags.get((access?.environmentTag ?? 'environment').toLowerCase()) ?? ofOu.environment,
    team: team ?? ofOu.team,
    ownerFrom: team === undefined ? ofOu.ownerFrom : 'tag',
    ...(account.email === undefined ? {} : { email: account.email }),
    ...(account.status === undefined ? {} : { status: account.status }),
  };
}

function byOu(ou: string, config: Config): Pick<Account, 'team' | 'ownerFrom' | 'environment'> {
  const above = Object.entries(config.organization.ous)
    .filter(([path]) => ou === path || ou.startsWith(`${path}/`))
    .sort(([a], [b]) => b.length - a.length)
    .map(([, entry]) => entry);
  const team = above.find((entry) => entry.team !== undefined)?.team ?? null;
  return {
    team,
    ownerFrom: team === null ? 'none' : 'ou',
    environment: above.find((entry) => entry.environment !== undefined)?.environment ?? '',
  };
}

function brand(id: string): Account['id'] {
  const parsed = accountId(id);
  if (parsed === undefined) throw new Error(`account id ${id} passed the schema but is not one`);
  return parsed;
}
