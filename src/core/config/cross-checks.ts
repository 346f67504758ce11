import type { Config, Receiver } from '#core/config/config-schema.ts';
import { nearest } from '#core/config/nearest.ts';
import { FINDING_KINDS } from '#core/finding/observation.ts';
import { exceptionEnd, longestEnd } from '#core/notification/config-exceptions.ts';
import { MAX_EXCEPTION_DAYS } from '#core/notification/exception.ts';

const DAY_MS = 86_400_000;

/** One finding of a check, before it is placed in the text. */
export type RawProblem = {
  severity: 'error' | 'warning';
  path: readonly (string | number)[];
  message: string;
  suggestion?: string;
  onKey?: boolean;
};

/** What the schema cannot see: names that must exist elsewhere, doubles, and settings that would surprise. */
export function crossChecks(config: Config, now?: number): RawProblem[] {
  return [
    ...doubleAccounts(config),
    ...unknownTeams(config),
    ...doubleRoutes(config),
    ...silentReceivers(config),
    ...wideExceptions(config),
    ...(now === undefined ? [] : exceptionEnds(config, now)),
  ];
}

function doubleAccounts(config: Config): RawProblem[] {
  const seen = new Map<string, number>();
  return config.organization.accounts.flatMap((account, index) => {
    const first = seen.get(account.id);
    seen.set(account.id, first ?? index);
    return first === undefined
      ? []
      : [
          error(
            ['organization', 'accounts', index, 'id'],
            `account ${account.id} is listed twice`,
            `remove one of the two entries`,
          ),
        ];
  });
}

function unknownTeams(config: Config): RawProblem[] {
  const teams = Object.keys(config.teams);
  const named: { team: string; path: (string | number)[] }[] = [
    ...config.organization.accounts.flatMap((account, index) =>
      account.team === undefined ? [] : [{ team: account.team, path: ['organization', 'accounts', index, 'team'] }],
    ),
    ...Object.entries(config.organization.ous).flatMap(([ou, entry]) =>
      entry.team === undefined ? [] : [{ team: entry.team, path: ['organization', 'ous', ou, 'team'] }],
    ),
    ...config.routes.flatMap((route, index) =>
      (route.match.team ?? []).map((team, at) => ({ team, path: ['routes', index, 'match', 'team', at] })),
    ),
    ...config.exceptions.flatMap((entry, index) =>
      entry.team === undefined ? [] : [{ team: entry.team, path: ['exceptions', index, 'team'] }],
    ),
  ];
  return named
    .filter(({ team }) => !teams.includes(team))
    .map(({ team, path }) => {
      const close = nearest(team, teams);
      return error(
        path,
        `team "${team}" is not among the teams`,
        close === undefined
          ? `add it under teams, or use one of ${teams.join(', ') || '(none yet)'}`
          : `did you mean "${close}"?`,
      );
    });
}

function doubleRoutes(config: Config): RawProblem[] {
  const seen = new Set<string>();
  return config.routes.flatMap((route, index) => {
    const double = seen.has(route.name);
    seen.add(route.name);
    return double
      ? [
          error(
            ['routes', index, 'name'],
            `two routes are named "${route.name}"`,
            'names appear in the reason of every message: make them different',
          ),
        ]
      : [];
  });
}

function silentReceivers(config: Config): RawProblem[] {
  const owners = new Set([
    ...config.organization.accounts.map((account) => account.team),
    ...Object.values(config.organization.ous).map((ou) => ou.team),
  ]);
  const teams = Object.entries(config.teams).flatMap(([id, team]) => {
    const missing = missingKinds(team);
    const owns = owners.has(id) || config.organization.aws !== undefined;
    return [
      ...(missing.length === 0
        ? []
        : [
            warning(
              ['teams', id],
              `team "${id}" has no destination for ${missing.join(', ')}; those go to the central team`,
              `add slack: { ${missing[0]}: "#channel" }`,
            ),
          ]),
      ...(owns
        ? []
        : [warning(['teams', id], `team "${id}" owns no account`, `write team: ${id} beside the accounts it owns`)]),
    ];
  });
  const central = missingKinds(config.central);
  return [
    ...teams,
    ...(central.length === 0
      ? []
      : [
          warning(
            ['central'],
            `the central team has no destination for ${central.join(', ')}; findings of accounts without owner need one`,
            `add central: slack: { ${central[0]}: "#channel" }`,
          ),
        ]),
  ];
}

function wideExceptions(config: Config): RawProblem[] {
  return config.exceptions.flatMap((entry, index) =>
    entry.resource !== undefined && /^\*+$/.test(entry.resource)
      ? [
          error(
            ['exceptions', index, 'resource'],
            'an exception for every resource would silence everything',
            'name a resource or a prefix',
          ),
        ]
      : [],
  );
}

function exceptionEnds(config: Config, now: number): RawProblem[] {
  const latest = day(longestEnd(now) - DAY_MS);
  return config.exceptions.flatMap((entry, index) => {
    const path = ['exceptions', index, 'expires'];
    const end = exceptionEnd(entry.expires);
    if (end <= now)
      return [warning(path, `this exception ended on ${entry.expires}`, 'remove it, or renew it with a later date')];
    if (end <= longestEnd(now)) return [];
    const message = `an exception lasts at most ${MAX_EXCEPTION_DAYS} days; this one ends that long after Yagura first reads it`;
    return [warning(path, message, `write a date up to ${latest}`)];
  });
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function missingKinds(receiver: Pick<Receiver, 'slack'>): string[] {
  return FINDING_KINDS.filter((kind) => receiver.slack[kind] === undefined);
}

function error(path: (string | number)[], message: string, suggestion: string): RawProblem {
  return { severity: 'error', path, message, suggestion };
}

function warning(path: (string | number)[], message: string, suggestion: string): RawProblem {
  return { severity: 'warning', path, message, suggestion };
}
