import { Hono } from 'hono';
import type { Installation } from '#apps/server/installation.ts';
import { noFindings } from '#apps/server/views.ts';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { type Severity, severityNamed } from '#core/finding/severity.ts';
import type { Account } from '#core/organization/account.ts';
import type { AccountRow, DirectoryStatus, Overview, TeamRow } from '#ports/http-api.ts';

type Tally = { open: Record<Severity, number>; lastSeenAt: number | null };

/** /api/accounts, /api/teams, /api/directory, /api/overview: who owns what, and how much is open there. */
export function organizationRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/accounts', async (c) => c.json(await accountRows(yagura)));
  app.get('/teams', async (c) => c.json(await teamRows(yagura)));
  app.get('/directory', (c) => {
    const { source, readAt, stale, error, directory } = yagura.directory.current();
    return c.json({ source, readAt, stale, error, accounts: directory.accounts.length } satisfies DirectoryStatus);
  });
  app.post('/directory/refresh', async (c) => {
    const { source, readAt, stale, error, directory } = await yagura.directory.refresh();
    yagura.changes.note({ directory: true });
    return c.json({ source, readAt, stale, error, accounts: directory.accounts.length } satisfies DirectoryStatus);
  });
  app.get('/overview', async (c) => c.json(await overview(yagura)));
  return app;
}

async function openProblems(yagura: Installation): Promise<readonly Problem[]> {
  const items: Problem[] = [];
  for (let offset = 0; ; offset += 500) {
    const page = await yagura.store.problemPage({ status: ['open'], offset, limit: 500 });
    items.push(...page.items);
    if (page.items.length < 500) return items;
  }
}

async function tallies(yagura: Installation, keyOf: (problem: Problem) => string): Promise<Map<string, Tally>> {
  const found = new Map<string, Tally>();
  for (const problem of await openProblems(yagura)) {
    const key = keyOf(problem);
    const tally = found.get(key) ?? { open: noFindings(), lastSeenAt: null };
    tally.open[problem.observation.severity] += 1;
    tally.lastSeenAt = Math.max(tally.lastSeenAt ?? 0, problem.lastSeenAt);
    found.set(key, tally);
  }
  return found;
}

async function accountRows(yagura: Installation): Promise<AccountRow[]> {
  const { directory } = yagura.directory.current();
  const byAccount = await tallies(yagura, (problem) => problem.observation.accountId ?? '');
  const known = directory.accounts.map((account) =>
    accountRow(account, byAccount.get(account.id), directory.teamName(account.team)),
  );
  const strangers = [...byAccount]
    .filter(([id]) => id !== '' && directory.find(id) === undefined)
    .map(
      ([id, tally]): AccountRow => ({
        id,
        name: id,
        ou: '',
        environment: '',
        team: null,
        ownerFrom: 'none',
        known: false,
        ...tally,
      }),
    );
  return [...strangers, ...known].sort(
    (a, b) => Number(a.team !== null) - Number(b.team !== null) || a.name.localeCompare(b.name),
  );
}

function accountRow(account: Account, tally: Tally | undefined, teamName: string | null): AccountRow {
  const { id, name, ou, environment, ownerFrom, team } = account;
  return {
    id,
    name,
    ou,
    environment,
    ownerFrom,
    team: team === null ? null : { id: team, name: teamName ?? team },
    known: true,
    open: tally?.open ?? noFindings(),
    lastSeenAt: tally?.lastSeenAt ?? null,
  };
}

async function teamRows(yagura: Installation): Promise<TeamRow[]> {
  const { directory } = yagura.directory.current();
  const byTeam = await tallies(yagura, (problem) => problem.team ?? '');
  return [...yagura.policy.teams].map(([id, policy]) => ({
    id,
    name: directory.teamName(id) ?? id,
    language: policy.language,
    accounts: directory.accounts.filter((account) => account.team === id).length,
    channels: FINDING_KINDS.flatMap((kind) => {
      const destination = policy.destinations[kind];
      return destination === undefined ? [] : [{ kind, destination, floor: policy.floors[kind] }];
    }),
    open: byTeam.get(id)?.open ?? noFindings(),
  }));
}

async function overview(yagura: Installation): Promise<Overview> {
  const { directory } = yagura.directory.current();
  const [severities, byTeam, counts, unknown] = await Promise.all([
    yagura.store.problemFacet('severity'),
    tallies(yagura, (problem) => problem.team ?? ''),
    yagura.store.outboxCounts(),
    yagura.store.unknownCounts(),
  ]);
  const open = noFindings();
  for (const { value, count } of severities) {
    const severity = severityNamed(value);
    if (severity !== undefined) open[severity] = count;
  }
  const outbox = { queued: 0, sending: 0, sent: 0, covered: 0, parked: 0 };
  for (const { state, count } of counts) outbox[state] += count;
  return {
    open,
    byTeam: [...byTeam].map(([team, tally]) => ({
      team: team === '' ? null : team,
      teamName: team === '' ? null : directory.teamName(team),
      open: tally.open,
    })),
    unownedAccounts: directory.accounts.filter((account) => account.team === null).length,
    outbox,
    unknownEvents: unknown.reduce((sum, entry) => sum + entry.count, 0),
    accepted: yagura.accepted(),
  };
}
