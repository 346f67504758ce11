import { Hono } from 'hono';
import type { Installation } from '#apps/server/installation.ts';
import { noFindings, type Tally, talliesBy } from '#apps/server/open-tallies.ts';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import type { Account } from '#core/organization/account.ts';
import type { DirectoryState } from '#engine/keep-directory.ts';
import type { AccountRow, DirectoryStatus, Overview, TeamRow } from '#ports/http-api.ts';
import type { OpenCount } from '#ports/state-store.ts';

/** /api/accounts, /api/teams, /api/directory, /api/overview: who owns what, and how much is open there. */
export function organizationRoutes(yagura: Installation): Hono {
  const app = new Hono();
  app.get('/accounts', async (c) => c.json(await accountRows(await yagura.store.openCounts(), yagura)));
  app.get('/teams', async (c) => c.json(await teamRows(yagura)));
  app.get('/directory', (c) => c.json(statusOf(yagura.directory.current())));
  app.post('/directory/refresh', async (c) => {
    const state = await yagura.directory.refresh();
    yagura.changes.note({ directory: true });
    return c.json(statusOf(state));
  });
  app.get('/overview', async (c) => c.json(await overview(yagura)));
  return app;
}

function statusOf({ source, readAt, stale, error, directory }: DirectoryState): DirectoryStatus {
  return { source, readAt, stale, error, accounts: directory.accounts.length };
}

async function accountRows(counts: readonly OpenCount[], yagura: Installation): Promise<AccountRow[]> {
  const { directory } = yagura.directory.current();
  const tallies = talliesBy(counts, ({ accountId }) => accountId);
  const known = directory.accounts.map((account) =>
    knownRow(account, tallies.get(account.id), directory.teamName(account.team)),
  );
  const strangers = (await idsSeen(yagura, tallies))
    .filter((id) => directory.find(id) === undefined)
    .map((id) => strangerRow(id, tallies.get(id)));
  const unownedFirst = (a: AccountRow, b: AccountRow) => Number(a.team !== null) - Number(b.team !== null);
  return [...strangers, ...known].sort(
    (a, b) => unownedFirst(a, b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
  );
}

/** Accounts with something open, and accounts that once had. */
async function idsSeen(yagura: Installation, tallies: ReadonlyMap<string | null, Tally>): Promise<string[]> {
  const everSeen = await yagura.store.problemFacet('accountId');
  const ids = new Set([...tallies.keys(), ...everSeen.map(({ value }) => value)]);
  return [...ids].filter((id) => id !== null);
}

function strangerRow(id: string, tally: Tally | undefined): AccountRow {
  const unknown = { name: id, ou: '', environment: '', team: null, ownerFrom: 'none', known: false } as const;
  return { id, ...unknown, open: tally?.open ?? noFindings(), lastSeenAt: tally?.lastSeenAt ?? null };
}

function knownRow(account: Account, tally: Tally | undefined, teamName: string | null): AccountRow {
  const { id, name, ou, environment, ownerFrom, team } = account;
  return {
    ...{ id, name, ou, environment, ownerFrom, known: true },
    team: team === null ? null : { id: team, name: teamName ?? team },
    open: tally?.open ?? noFindings(),
    lastSeenAt: tally?.lastSeenAt ?? null,
  };
}

async function teamRows(yagura: Installation): Promise<TeamRow[]> {
  const { directory } = yagura.directory.current();
  const tallies = talliesBy(await yagura.store.openCounts(), ({ team }) => team);
  return [...yagura.policy.teams].map(([id, policy]) => ({
    id,
    name: directory.teamName(id) ?? id,
    language: policy.language,
    accounts: directory.accounts.filter((account) => account.team === id).length,
    channels: FINDING_KINDS.flatMap((kind) => {
      const destination = policy.destinations[kind];
      return destination === undefined ? [] : [{ kind, destination, floor: policy.floors[kind] }];
    }),
    open: tallies.get(id)?.open ?? noFindings(),
  }));
}

async function overview(yagura: Installation): Promise<Overview> {
  const { directory } = yagura.directory.current();
  const counts = await yagura.store.openCounts();
  const [outboxCounts, unknown, accounts] = await Promise.all([
    yagura.store.outboxCounts(),
    yagura.store.unknownCounts(),
    accountRows(counts, yagura),
  ]);
  const outbox = { queued: 0, sending: 0, sent: 0, covered: 0, parked: 0 };
  for (const { state, count } of outboxCounts) outbox[state] += count;
  return {
    open: talliesBy(counts, () => 'all').get('all')?.open ?? noFindings(),
    byTeam: [...talliesBy(counts, ({ team }) => team)].map(([team, { open }]) => ({
      team,
      teamName: directory.teamName(team),
      open,
    })),
    unownedAccounts: accounts.filter(({ team }) => team === null).length,
    outbox,
    unknownEvents: unknown.reduce((sum, { count }) => sum + count, 0),
    accepted: yagura.accepted(),
  };
}
