import { beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#core/finding/problem.ts';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { AccountRow, Facets, FilterToken, FindingPage, Overview, TeamRow } from '#ports/http-api.ts';
import { creation, problemOf } from '../../../test/contract/state-store/fixtures.ts';
import { type Home, homePerFile } from '../../../test/stand-ins/yagura-home.ts';

const COUNT = 10_000;
const START = Date.UTC(2026, 0, 5);
const ACCOUNTS = Array.from({ length: 40 }, (_, n) => String(111122220000 + n));
/** The last five accounts are unknown to the directory, the five before them have no team. */
const CONFIG = `
organization:
  accounts:
${ACCOUNTS.slice(0, 35)
  .map(
    (id, n) =>
      `    - { id: "${id}", name: Shop-${n}, environment: ${n % 2 === 0 ? 'prod' : '""'}${n < 30 ? `, team: team-${n % 3}` : ''} }`,
  )
  .join('\n')}
teams:
  team-0: { name: 決済チーム, slack: { securityhub: "#zero" } }
  team-1: { name: Web, slack: { securityhub: "#one" } }
  team-2: { name: Data, slack: { securityhub: "#two" } }
`;

function problemNumber(n: number): Problem {
  const account = n % ACCOUNTS.length;
  const region = ['ap-northeast-1', 'us-east-1', 'eu-west-1'][n % 3] ?? '';
  return problemOf(`control:S3.${n % 17}|${n}`, {
    status: n % 7 === 0 ? 'resolved' : n % 11 === 0 ? 'suppressed' : 'open',
    team: account < 30 ? `team-${account % 3}` : null,
    environment: account >= 35 ? null : account % 2 === 0 ? 'prod' : '',
    assignedTo: n % 13 === 0 ? 'alice' : null,
    firstSeenAt: START + n * 1_000,
    lastSeenAt: START + ((n * 7_919) % COUNT) * 1_000,
    timesSeen: n % 50,
    observation: {
      kind: n % 5 === 0 ? 'guardduty' : 'securityhub',
      severity: SEVERITIES[n % 5] ?? 'LOW',
      type: `S3.${n % 17}`,
      title: `Bucket ${n % 977} can be read by everybody`,
      accountId: ACCOUNTS[account] ?? null,
      region,
      count: null,
      resources: [{ type: 'AwsS3Bucket', id: `arn:aws:s3:::invoices-${n}` }],
    },
  });
}

const PROBLEMS = Array.from({ length: COUNT }, (_, n) => problemNumber(n));
const accountOf = ({ observation }: Problem) => ACCOUNTS.indexOf(observation.accountId ?? '');
const isOpen = ({ status }: Problem) => status === 'open';

const openHome = homePerFile();
let home: Home;
beforeAll(async () => {
  home = await openHome({ configText: CONFIG });
  for (let start = 0; start < COUNT; start += 2_000)
    await home.running.yagura.store.apply(
      PROBLEMS.slice(start, start + 2_000).map((problem) => creation('x', { problem, rawEvent: '{}' })),
    );
});

const CASES: readonly {
  readonly name: string;
  readonly filter: readonly FilterToken[];
  readonly holds: (problem: Problem, n: number) => boolean;
}[] = [
  { name: 'nothing asked', filter: [], holds: () => true },
  {
    name: 'alternatives of one property and another one',
    filter: [
      { property: 'severity', operator: '=', value: 'HIGH' },
      { property: 'severity', operator: '=', value: 'CRITICAL' },
      { property: 'status', operator: '=', value: 'open' },
    ],
    holds: (problem) => ['HIGH', 'CRITICAL'].includes(problem.observation.severity) && isOpen(problem),
  },
  {
    name: 'neither of two values',
    filter: [
      { property: 'region', operator: '!=', value: 'us-east-1' },
      { property: 'region', operator: '!=', value: 'eu-west-1' },
      { property: 'kind', operator: '!=', value: 'guardduty' },
    ],
    holds: ({ observation }) => observation.region === 'ap-northeast-1' && observation.kind === 'securityhub',
  },
  {
    name: 'the problems of an account',
    filter: [{ property: 'account', operator: '=', value: ACCOUNTS[38] ?? '' }],
    holds: (problem) => accountOf(problem) === 38,
  },
  {
    name: 'no team',
    filter: [{ property: 'team', operator: '=', value: '-' }],
    holds: ({ team }) => team === null,
  },
  {
    name: 'a team or none',
    filter: [
      { property: 'team', operator: '=', value: '-' },
      { property: 'team', operator: '=', value: 'team-1' },
    ],
    holds: ({ team }) => team === null || team === 'team-1',
  },
  {
    name: 'somebody assigned',
    filter: [{ property: 'assignee', operator: '!=', value: '-' }],
    holds: ({ assignedTo }) => assignedTo !== null,
  },
  {
    name: 'no environment, of known and unknown accounts',
    filter: [{ property: 'environment', operator: '=', value: '-' }],
    holds: (problem) => accountOf(problem) >= 35 || accountOf(problem) % 2 === 1,
  },
  {
    name: 'all words of several texts',
    filter: [
      { property: 'text', operator: ':', value: 'EVERYBODY invoices-77' },
      { property: 'text', operator: ':', value: 's3.9' },
    ],
    holds: ({ observation, key }) =>
      (observation.resources[0]?.id ?? '').includes('invoices-77') && key.includes('S3.9'),
  },
  {
    name: 'the name of an account',
    filter: [{ property: 'text', operator: ':', value: 'shop-12' }],
    holds: (problem) => accountOf(problem) === 12,
  },
  {
    name: 'the name of a team and a word',
    filter: [{ property: 'text', operator: ':', value: '決済 s3.16' }],
    holds: ({ team, key }) => team === 'team-0' && key.includes('S3.16'),
  },
  {
    name: 'neither of two texts',
    filter: [
      { property: 'text', operator: '!:', value: 'shop-1' },
      { property: 'text', operator: '!:', value: 's3.1 bucket' },
    ],
    // "shop-1" is part of "Shop-1" and of "Shop-10" to "Shop-19".
    holds: (problem) => {
      const account = accountOf(problem);
      return account !== 1 && !(account >= 10 && account < 20) && !problem.key.includes('S3.1');
    },
  },
];

const VALUE: Readonly<Record<string, (problem: Problem) => number | string>> = {
  lastSeenAt: (problem) => problem.lastSeenAt,
  firstSeenAt: (problem) => problem.firstSeenAt,
  severity: ({ observation }) => SEVERITIES.indexOf(observation.severity),
  timesSeen: (problem) => problem.timesSeen,
  title: ({ observation }) => observation.title,
};

describe('the list of 10,000 findings', () => {
  it.each(CASES)('filters by $name', async ({ filter, holds }) => {
    const page = await home.get<FindingPage>(pathOf(filter, { limit: '500' }));

    const expected = PROBLEMS.filter(holds).sort((a, b) => b.lastSeenAt - a.lastSeenAt);
    expect(page.total).toBe(expected.length);
    expect(page.items.map(({ key }) => key)).toEqual(expected.slice(0, 500).map(({ key }) => key));
  });

  it.each(Object.keys(VALUE).flatMap((sort) => [`${sort} asc`, `${sort} desc`]))(
    'sorts by %s and shows every finding on one page',
    async (given) => {
      const [sort = '', order = ''] = given.split(' ');
      const read = VALUE[sort];
      const seen: string[] = [];
      for (let offset = 0; offset < COUNT; offset += 500) {
        const page = await home.get<FindingPage>(pathOf([], { sort, order, limit: '500', offset: String(offset) }));
        expect(page.total).toBe(COUNT);
        seen.push(...page.items.map(({ key }) => key));
      }

      const byKey = new Map(PROBLEMS.map((problem) => [String(problem.key), read?.(problem) ?? 0]));
      const values = seen.map((key) => byKey.get(key) ?? Number.NaN);
      expect(new Set(seen).size).toBe(COUNT);
      expect(values.findIndex((value, n) => isMisplaced(values[n - 1], value, order))).toBe(-1);
    },
  );

  it('answers beyond the end with an empty page and the honest total', async () => {
    const page = await home.get<FindingPage>(pathOf([], { offset: '999999999' }));

    expect(page).toEqual({ items: [], total: COUNT });
  });

  it('gives the values of a property with their counts and names', async () => {
    const { values: teams } = await home.get<Facets>('/api/findings/facets?property=team');
    const { values: environments } = await home.get<Facets>('/api/findings/facets?property=environment');
    const { values: accounts } = await home.get<Facets>('/api/findings/facets?property=account');

    expect(teams.find(({ value }) => value === 'team-0')).toEqual({
      value: 'team-0',
      label: '決済チーム',
      count: PROBLEMS.filter((problem) => isOpen(problem) && problem.team === 'team-0').length,
    });
    expect(environments.map(({ value }) => value).sort()).toEqual(['-', 'prod']);
    expect(environments.reduce((sum, { count }) => sum + count, 0)).toBe(PROBLEMS.filter(isOpen).length);
    expect(accounts.find(({ value }) => value === ACCOUNTS[3])?.label).toBe('Shop-3');
    expect(accounts.find(({ value }) => value === ACCOUNTS[39])?.label).toBe(ACCOUNTS[39]);
    expect(accounts.map(({ count }) => count)).toEqual(accounts.map(({ count }) => count).sort((a, b) => b - a));
  });

  it('adds the same counts up by account, by team and over all', async () => {
    const accounts = await home.get<AccountRow[]>('/api/accounts');
    const teams = await home.get<TeamRow[]>('/api/teams');
    const overview = await home.get<Overview>('/api/overview');

    const openOf = (holds: (problem: Problem) => boolean) =>
      Object.fromEntries(
        SEVERITIES.map((severity) => [
          severity,
          PROBLEMS.filter((problem) => isOpen(problem) && holds(problem) && problem.observation.severity === severity)
            .length,
        ]),
      );
    expect(overview.open).toEqual(openOf(() => true));
    for (const row of accounts) expect(row.open).toEqual(openOf(({ observation }) => observation.accountId === row.id));
    for (const row of teams) expect(row.open).toEqual(openOf(({ team }) => team === row.id));
    expect(overview.byTeam.find(({ team }) => team === null)?.open).toEqual(openOf(({ team }) => team === null));
    expect(overview.unownedAccounts).toBe(10);
  });

  it('shows unowned accounts first, unknown ones among them, then the others by name', async () => {
    const accounts = await home.get<AccountRow[]>('/api/accounts');

    expect(accounts).toHaveLength(40);
    expect(accounts.slice(0, 10).every(({ team }) => team === null)).toBe(true);
    expect(accounts.slice(10).every(({ team }) => team !== null)).toBe(true);
    expect(accounts.filter(({ known }) => !known).map(({ id }) => id)).toEqual(ACCOUNTS.slice(35));
    expect(accounts.find(({ id }) => id === ACCOUNTS[36])).toMatchObject({
      ...{ name: ACCOUNTS[36], ou: '', environment: '', team: null, ownerFrom: 'none', known: false },
      lastSeenAt: Math.max(
        ...PROBLEMS.filter((each) => isOpen(each) && accountOf(each) === 36).map((p) => p.lastSeenAt),
      ),
    });
  });
});

function pathOf(filter: readonly FilterToken[], query: Readonly<Record<string, string>>): string {
  return `/api/findings?${new URLSearchParams({ filter: JSON.stringify(filter), ...query })}`;
}

function isMisplaced(before: number | string | undefined, value: number | string, order: string): boolean {
  if (before === undefined || before === value) return false;
  return order === 'asc' ? before > value : before < value;
}
