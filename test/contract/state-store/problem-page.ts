import { beforeEach, describe, expect, it } from 'vitest';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { ProblemQuery, StateStore, WordMeaning } from '#ports/state-store.ts';
import { creation, keyOf, nextOf, problemOf, storePerTest, T0 } from './fixtures.ts';

const PROBLEMS = [
  problemOf('p1', {
    observation: { severity: 'CRITICAL', title: 'Instance mines bitcoin', type: 'CryptoCurrency:EC2/BitcoinTool.B' },
    firstSeenAt: T0 - 50,
    lastSeenAt: T0 + 5,
    timesSeen: 3,
  }),
  problemOf('p2', {
    observation: {
      kind: 'securityhub',
      severity: 'LOW',
      title: 'Bucket 100%_public',
      type: 'S3.8',
      region: 'us-east-1',
    },
    firstSeenAt: T0 - 40,
    lastSeenAt: T0 + 4,
    timesSeen: 5,
    assignedTo: 'slack:U123',
    environment: 'non-prod',
  }),
  problemOf('p3', {
    status: 'resolved',
    observation: {
      kind: 'health',
      severity: 'MEDIUM',
      title: 'RDS maintenance',
      type: 'AWS_RDS_MAINTENANCE',
      accountId: '444455556666',
    },
    firstSeenAt: T0 - 30,
    lastSeenAt: T0 + 3,
    timesSeen: 1,
    team: 'orders',
  }),
  problemOf('p4', {
    observation: {
      severity: 'HIGH',
      title: 'ÄÖ Root login 決済',
      accountId: null,
      resources: [{ type: 'AwsIamUser', id: 'arn:aws:iam::111122223333:user/Alice' }],
    },
    firstSeenAt: T0 - 20,
    lastSeenAt: T0 + 2,
    timesSeen: 10,
    team: null,
    environment: null,
  }),
  problemOf('p5', {
    status: 'suppressed',
    observation: {
      kind: 'securityhub',
      severity: 'INFORMATIONAL',
      title: 'Zone transfer',
      type: 's3.8-like',
      region: 'us-east-1',
    },
    firstSeenAt: T0 - 10,
    lastSeenAt: T0 + 1,
    timesSeen: 2,
    team: 'orders',
    assignedTo: 'slack:U456',
  }),
];

/** What names stand for; none of them is in any field. */
function meaning(word: string): WordMeaning {
  if (word === 'name:rds-main') return { accountIds: ['444455556666', '999900001111'], teams: [] };
  if (word === 'name:決済') return { accountIds: [], teams: ['payments', `it's`] };
  return { accountIds: [], teams: [] };
}

const CASES: readonly { readonly name: string; readonly query: ProblemQuery; readonly expected: readonly string[] }[] =
  [
    { name: 'everything, last seen first', query: {}, expected: ['p1', 'p2', 'p3', 'p4', 'p5'] },
    { name: 'status', query: { status: ['open'] }, expected: ['p1', 'p2', 'p4'] },
    { name: 'several values of one filter', query: { status: ['resolved', 'suppressed'] }, expected: ['p3', 'p5'] },
    { name: 'kind', query: { kind: ['securityhub'] }, expected: ['p2', 'p5'] },
    { name: 'severity', query: { severity: ['CRITICAL', 'HIGH'] }, expected: ['p1', 'p4'] },
    { name: 'account', query: { accountId: ['444455556666'] }, expected: ['p3'] },
    { name: 'environment', query: { environment: ['non-prod'] }, expected: ['p2'] },
    { name: 'team', query: { team: ['orders'] }, expected: ['p3', 'p5'] },
    { name: 'no team', query: { team: [null] }, expected: ['p4'] },
    { name: 'a team or none', query: { team: [null, 'orders'] }, expected: ['p3', 'p4', 'p5'] },
    { name: 'region', query: { region: ['us-east-1'] }, expected: ['p2', 'p5'] },
    { name: 'type, exactly', query: { type: ['S3.8'] }, expected: ['p2'] },
    { name: 'assignee', query: { assignedTo: ['slack:U123'] }, expected: ['p2'] },
    { name: 'nobody assigned', query: { assignedTo: [null] }, expected: ['p1', 'p3', 'p4'] },
    { name: 'an empty list', query: { severity: [] }, expected: [] },
    { name: 'two filters together', query: { kind: ['securityhub'], status: ['open'] }, expected: ['p2'] },
    { name: 'text in the title, ignoring case', query: { text: 'BITCOIN' }, expected: ['p1'] },
    { name: 'text with umlauts, ignoring case', query: { text: 'äö root' }, expected: ['p4'] },
    { name: 'Japanese text', query: { text: '決済' }, expected: ['p4'] },
    { name: 'text in the type', query: { text: 's3.8' }, expected: ['p2', 'p5'] },
    { name: 'text in a resource id', query: { text: 'user/alice' }, expected: ['p4'] },
    { name: 'text in the account id', query: { text: '44445555' }, expected: ['p3'] },
    { name: 'text in the key', query: { text: 'P5' }, expected: ['p5'] },
    { name: 'text in the team', query: { text: 'ORDER' }, expected: ['p3', 'p5'] },
    { name: 'text with wildcards of SQL, taken literally', query: { text: '100%_p' }, expected: ['p2'] },
    { name: 'text that would match only as a pattern', query: { text: 'b%t' }, expected: [] },
    { name: 'text and a filter', query: { text: 's3.8', status: ['suppressed'] }, expected: ['p5'] },
    { name: 'empty text', query: { text: '' }, expected: ['p1', 'p2', 'p3', 'p4', 'p5'] },
    { name: 'not a value', query: { not: { severity: ['LOW', 'INFORMATIONAL'] } }, expected: ['p1', 'p3', 'p4'] },
    {
      name: 'not a team keeps those without one',
      query: { not: { team: ['payments'] } },
      expected: ['p3', 'p4', 'p5'],
    },
    {
      name: 'not an account keeps those without one',
      query: { not: { accountId: ['111122223333'] } },
      expected: ['p3', 'p4'],
    },
    { name: 'not without a team', query: { not: { team: [null] } }, expected: ['p1', 'p2', 'p3', 'p5'] },
    { name: 'not nobody', query: { not: { assignedTo: [null] } }, expected: ['p2', 'p5'] },
    { name: 'several words, each anywhere', query: { text: 'alice p4 LOGIN' }, expected: ['p4'] },
    { name: 'several words in one field, in any order', query: { text: 'bitcoin mines' }, expected: ['p1'] },
    { name: 'nothing when one of the words is missing', query: { text: 'mines bitcoin maintenance' }, expected: [] },
    {
      name: 'words with all kinds of white space between',
      query: { text: ' root\u3000決済\n\tlogin ' },
      expected: ['p4'],
    },
    { name: 'white space alone', query: { text: ' \u3000 ' }, expected: ['p1', 'p2', 'p3', 'p4', 'p5'] },
    { name: 'no match across two fields', query: { text: 'p5zone' }, expected: [] },
    { name: 'a word that stands for an account', query: { text: 'Name:RDS-main', meaning }, expected: ['p3'] },
    { name: 'a word that stands for a team', query: { text: 'name:決済', meaning }, expected: ['p1', 'p2'] },
    { name: 'a word with a meaning, and another', query: { text: 'name:決済 mines', meaning }, expected: ['p1'] },
    { name: 'a word that stands for something, by itself', query: { text: 'maintenance', meaning }, expected: ['p3'] },
    { name: 'not text', query: { not: { text: ['ORDERS'] } }, expected: ['p1', 'p2', 'p4'] },
    {
      name: 'not a text of several words',
      query: { not: { text: ['orders transfer'] } },
      expected: ['p1', 'p2', 'p3', 'p4'],
    },
    { name: 'not any of several texts', query: { not: { text: ['transfer', 'mines'] } }, expected: ['p2', 'p3', 'p4'] },
    { name: 'not blank text', query: { not: { text: ['', ' '] } }, expected: ['p1', 'p2', 'p3', 'p4', 'p5'] },
    {
      name: 'not what a word stands for',
      query: { meaning, not: { text: ['name:決済'] } },
      expected: ['p3', 'p4', 'p5'],
    },
    {
      name: 'not what a word stands for, also without account and team',
      query: { meaning, not: { text: ['name:rds-main'] } },
      expected: ['p1', 'p2', 'p4', 'p5'],
    },
    {
      name: 'each filter of not by itself',
      query: { not: { kind: ['health'], severity: ['LOW'] } },
      expected: ['p1', 'p4', 'p5'],
    },
    { name: 'not an empty list', query: { not: { status: [] } }, expected: ['p1', 'p2', 'p3', 'p4', 'p5'] },
    {
      name: 'a filter and its negation elsewhere',
      query: { region: ['us-east-1'], not: { status: ['suppressed'] } },
      expected: ['p2'],
    },
    {
      name: 'by last seen, ascending',
      query: { sort: { by: 'lastSeenAt', descending: false } },
      expected: ['p5', 'p4', 'p3', 'p2', 'p1'],
    },
    {
      name: 'by first seen, ascending',
      query: { sort: { by: 'firstSeenAt', descending: false } },
      expected: ['p1', 'p2', 'p3', 'p4', 'p5'],
    },
    {
      name: 'by severity, worst first',
      query: { sort: { by: 'severity', descending: true } },
      expected: ['p1', 'p4', 'p3', 'p2', 'p5'],
    },
    {
      name: 'by times seen',
      query: { sort: { by: 'timesSeen', descending: true } },
      expected: ['p4', 'p2', 'p1', 'p5', 'p3'],
    },
    { name: 'by title', query: { sort: { by: 'title', descending: false } }, expected: ['p2', 'p1', 'p3', 'p5', 'p4'] },
  ];

/** Lists of problems as the console asks for them. */
export function describeProblemPage(open: () => Promise<StateStore>): void {
  describe('problem page', () => {
    const store = storePerTest(open);
    beforeEach(async () => {
      await store().apply(PROBLEMS.map((problem) => creation('x', { problem })));
    });

    it.each(CASES)('finds $name', async ({ query, expected }) => {
      const page = await store().problemPage(query);

      expect(page.items.map(({ key }) => key)).toEqual(expected);
      expect(page.total).toBe(expected.length);
      expect(page.nextToken).toBeNull();
    });

    it('gives whole problems', async () => {
      expect((await store().problemPage({ sort: { by: 'firstSeenAt', descending: false } })).items).toEqual(PROBLEMS);
    });

    it('cuts pages by offset and limit and counts all that match', async () => {
      const query = { status: ['open'], sort: { by: 'title', descending: false } } as const;

      const first = await store().problemPage({ ...query, limit: 2 });
      const second = await store().problemPage({ ...query, limit: 2, offset: 2 });
      const beyond = await store().problemPage({ ...query, limit: 2, offset: 10 });

      expect(first).toMatchObject({ items: [{ key: 'p2' }, { key: 'p1' }], total: 3 });
      expect(second).toMatchObject({ items: [{ key: 'p4' }], total: 3, nextToken: null });
      expect(beyond).toMatchObject({ items: [], total: 3, nextToken: null });
    });

    it('shows every one of many equal problems once, page by page', async () => {
      const equal = Array.from({ length: 23 }, (_, n) => creation(`equal ${n}`));
      await store().apply(equal);

      for (const by of ['lastSeenAt', 'severity', 'title'] as const) {
        const seen: string[] = [];
        for (let offset = 0; offset < 23; offset += 5) {
          const page = await store().problemPage({ text: 'equal', sort: { by, descending: true }, limit: 5, offset });
          seen.push(...page.items.map(({ key }) => key));
        }

        expect(seen.sort()).toEqual(equal.map(({ problem }) => problem.key).sort());
      }
    });

    it('lists a problem under its new values only once it changed', async () => {
      const changed = nextOf(problemOf('p1', { version: 1 }), {
        status: 'resolved',
        team: null,
        assignedTo: 'slack:U9',
        lastSeenAt: T0 + 9,
      });
      await store().apply([changed]);

      expect((await store().problemPage({ status: ['open'] })).items.map(({ key }) => key)).toEqual(['p2', 'p4']);
      expect((await store().problemPage({ team: [null] })).items.map(({ key }) => key)).toEqual(['p1', 'p4']);
      expect((await store().problemPage({ assignedTo: ['slack:U9'] })).items).toEqual([changed.problem]);
      expect((await store().problemPage({ text: 'bitcoin' })).items).toEqual([]);
      expect((await store().problems([keyOf('p1')])).get(keyOf('p1'))).toEqual(changed.problem);
    });

    it('finds nothing more for a word that stands for very many accounts', async () => {
      const accountIds = Array.from({ length: 40_000 }, (_, n) => String(100_000_000_000 + n));

      const page = await store().problemPage({
        text: 'a b',
        meaning: () => ({ accountIds: [...accountIds, '444455556666'], teams: [] }),
      });

      expect(page.items.map(({ key }) => key)).toContain('p3');
    });

    it('counts open problems by account, team and severity, with the latest sighting', async () => {
      await store().apply([
        creation('x', { problem: problemOf('p6', { observation: { severity: 'CRITICAL' }, lastSeenAt: T0 + 7 }) }),
        creation('x', { problem: problemOf('p7', { observation: { severity: 'CRITICAL' }, lastSeenAt: T0 + 6 }) }),
      ]);

      const counts = [...(await store().openCounts())].sort((a, b) => b.lastSeenAt - a.lastSeenAt);

      const accountId = '111122223333';
      expect(counts).toEqual([
        { accountId, team: 'payments', severity: 'CRITICAL', count: 3, lastSeenAt: T0 + 7 },
        { accountId, team: 'payments', severity: 'LOW', count: 1, lastSeenAt: T0 + 4 },
        { accountId: null, team: null, severity: 'HIGH', count: 1, lastSeenAt: T0 + 2 },
      ]);
    });

    it('counts open problems by the values of a column, largest first', async () => {
      const byTeam = await store().problemFacet('team');
      const byStatus = await store().problemFacet('status');
      const bySeverity = await store().problemFacet('severity');

      expect(byTeam).toEqual([
        { value: 'payments', count: 2 },
        { value: null, count: 1 },
        { value: 'orders', count: 0 },
      ]);
      expect(byStatus[0]).toEqual({ value: 'open', count: 3 });
      expect(byStatus.slice(1).sort(byValue)).toEqual([
        { value: 'resolved', count: 0 },
        { value: 'suppressed', count: 0 },
      ]);
      expect(bySeverity.map(({ value }) => value).sort()).toEqual([...SEVERITIES].sort());
    });

    it.each([
      ['kind', ['guardduty', 'health', 'securityhub']],
      ['accountId', ['111122223333', '444455556666', null]],
      ['environment', ['non-prod', 'prod', null]],
      ['region', ['ap-northeast-1', 'us-east-1']],
      [
        'type',
        [
          'AWS_RDS_MAINTENANCE',
          'CryptoCurrency:EC2/BitcoinTool.B',
          'S3.8',
          'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
          's3.8-like',
        ],
      ],
    ] as const)('knows the values of %s', async (column, expected) => {
      const facet = await store().problemFacet(column);

      const open = facet.reduce((sum, { count }) => sum + count, 0);
      expect(new Set(facet.map(({ value }) => value))).toEqual(new Set(expected));
      expect(open).toBe(3);
    });
  });
}

function byValue(a: { value: string | null }, b: { value: string | null }): number {
  return String(a.value) < String(b.value) ? -1 : 1;
}
