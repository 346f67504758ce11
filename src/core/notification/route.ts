import type { Observation } from '#core/finding/observation.ts';
import { reaches, type Severity } from '#core/finding/severity.ts';
import { type Destination, destinationKey, type Language } from '#core/notification/destination.ts';
import { isBetween, nextAt } from '#core/notification/local-time.ts';
import { matchesPattern } from '#core/notification/pattern.ts';
import { channelKind, type ReceiverPolicy, type RoutePolicy, type RoutingPolicy } from '#core/notification/policy.ts';
import type { Reason } from '#core/notification/reason.ts';
import type { Account } from '#core/organization/account.ts';

/** One destination's answer to "do you want this?". `dueAt` is set for digests. */
export type Routed = {
  readonly destination: Destination;
  readonly audience: 'team' | 'central' | 'route';
  readonly language: Language;
  readonly decision: 'send' | 'digest' | 'drop';
  readonly reason: Reason;
  readonly dueAt: number | null;
};

export type Routing = {
  readonly team: string | null;
  readonly routed: readonly Routed[] /** Why nobody gets it, when nobody does. */;
  readonly none: Reason;
};

type Candidate = {
  audience: Routed['audience'];
  destination: Destination;
  language: Language;
  receiver: ReceiverPolicy;
  floor: Severity | null;
  reason: Reason;
};

/** Asks every possible destination; first matching route wins per destination, the implicit team and central rules come last. */
export function route(
  observation: Observation,
  account: Account | undefined,
  policy: RoutingPolicy,
  now: number,
): Routing {
  const team = account?.team ?? null;
  const routed = new Map<string, Routed>();
  for (const candidate of candidates(observation, account, policy)) {
    const key = destinationKey(candidate.destination);
    const answer = answerOf(candidate, observation, account, policy, now);
    const before = routed.get(key);
    if (answer !== undefined && (before === undefined || before.decision === 'drop')) routed.set(key, answer);
  }
  const answers = [...routed.values()];
  const none = answers.find((answer) => answer.decision === 'drop')?.reason ?? ({ code: 'no-destination' } as const);
  return { team, routed: answers, none };
}

function candidates(observation: Observation, account: Account | undefined, policy: RoutingPolicy): Candidate[] {
  const kind = channelKind(observation.kind);
  const central = (floor: Severity | null, reason: Reason, wanted = policy.central.destinations[kind]): Candidate[] =>
    wanted === undefined
      ? []
      : [
          {
            audience: 'central',
            destination: wanted,
            language: policy.central.language,
            receiver: policy.central,
            floor,
            reason,
          },
        ];
  const anyCentral = policy.central.destinations[kind] ?? Object.values(policy.central.destinations)[0];
  const extras = policy.extras.map(
    (extra): Candidate => ({
      audience: 'route',
      ...extra,
      receiver: policy.central,
      floor: null,
      reason: { code: 'no-destination' },
    }),
  );
  const centralFloor = policy.central.floors[kind];
  const withFloor = () => central(centralFloor, { code: 'central-floor', floor: centralFloor });

  if (observation.kind === 'account') return [...central(null, { code: 'account-lifecycle' }, anyCentral), ...extras];
  if (observation.isPublic === true)
    return [...central(centralFloor, { code: 'public-health' }, anyCentral), ...extras];
  if (account === undefined)
    return [...central(null, { code: 'unknown-account', account: observation.accountId ?? '' }, anyCentral), ...extras];
  const team = account.team === null ? undefined : policy.teams.get(account.team);
  if (account.team === null || team === undefined)
    return [...central(null, { code: 'no-owner' }, anyCentral), ...extras];
  const own = team.destinations[kind];
  const floor = team.floors[kind];
  if (own === undefined)
    return [
      ...central(lower(floor, centralFloor), { code: 'team-without-channel', team: account.team }, anyCentral),
      ...extras,
    ];
  const teamCandidate: Candidate = {
    audience: 'team',
    destination: own,
    language: team.language,
    receiver: team,
    floor,
    reason: { code: 'team-floor', team: account.team, floor },
  };
  return [teamCandidate, ...withFloor(), ...extras];
}

function answerOf(
  candidate: Candidate,
  observation: Observation,
  account: Account | undefined,
  policy: RoutingPolicy,
  now: number,
): Routed | undefined {
  const found = policy.routes.find((entry) => speaksFor(entry, candidate) && matches(entry, observation, account));
  if (found === undefined && candidate.audience === 'route') return undefined;
  const floor = found === undefined ? candidate.floor : (found.minimumSeverity ?? null);
  const base = {
    destination: candidate.destination,
    audience: candidate.audience,
    language: found?.language ?? candidate.language,
    dueAt: null,
  };
  if (found?.decision === 'drop')
    return { ...base, decision: 'drop', reason: { code: 'route-drop', route: found.name } };
  if (floor !== null && !reaches(observation.severity, floor))
    return { ...base, decision: 'drop', reason: { code: 'below-floor', severity: observation.severity, floor } };
  const reason: Reason =
    found === undefined
      ? candidate.reason
      : {
          code: 'route',
          route: found.name,
          ...(found.minimumSeverity === undefined ? {} : { floor: found.minimumSeverity }),
        };
  return timed({ ...base, decision: 'send', reason }, found, candidate.receiver, observation.severity, now);
}

function timed(
  routed: Routed,
  found: RoutePolicy | undefined,
  receiver: ReceiverPolicy,
  severity: Severity,
  now: number,
): Routed {
  if (found?.decision === 'digest') {
    const digest = receiver.digest ?? { every: 'day' as const, at: '09:00', timezone: 'Asia/Tokyo' };
    const dueAt =
      digest.every === 'hour' ? (Math.floor(now / 3_600_000) + 1) * 3_600_000 : nextAt(now, digest.at, digest.timezone);
    return { ...routed, decision: 'digest', reason: { code: 'digest', route: found.name }, dueAt };
  }
  const quiet = receiver.quietHours;
  if (quiet === undefined || quiet.except.includes(severity) || !isBetween(now, quiet.from, quiet.to, quiet.timezone))
    return routed;
  const until = nextAt(now, quiet.to, quiet.timezone);
  return { ...routed, decision: 'digest', reason: { code: 'quiet-hours', until }, dueAt: until };
}

function speaksFor(entry: RoutePolicy, candidate: Candidate): boolean {
  if (entry.to === null) return candidate.audience !== 'route';
  if (typeof entry.to === 'string') return entry.to === candidate.audience;
  return destinationKey(entry.to) === destinationKey(candidate.destination);
}

/** True when everything the route's `match` names holds. */
export function matches(
  entry: Pick<RoutePolicy, 'match'>,
  observation: Observation,
  account: Account | undefined,
): boolean {
  const { match } = entry;
  const among = (wanted: readonly string[] | undefined, value: string | null | undefined) =>
    wanted === undefined || (value !== null && value !== undefined && wanted.includes(value));
  return (
    among(match.kind, observation.kind) &&
    among(match.severity, observation.severity) &&
    among(match.region, observation.region) &&
    among(match.account, observation.accountId) &&
    among(match.environment, account?.environment) &&
    among(match.team, account?.team) &&
    (match.ou === undefined ||
      match.ou.some((ou) => account !== undefined && (account.ou === ou || account.ou.startsWith(`${ou}/`)))) &&
    (match.type === undefined || match.type.some((pattern) => matchesPattern(pattern, observation.type))) &&
    (match.product === undefined || match.product.some((pattern) => matchesPattern(pattern, observation.product))) &&
    (match.resource === undefined ||
      match.resource.some((pattern) =>
        observation.resources.some((resource) => matchesPattern(pattern, resource.id)),
      )) &&
    (match.sample === undefined || match.sample === observation.sample)
  );
}

function lower(a: Severity, b: Severity): Severity {
  return reaches(a, b) ? b : a;
}
