import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import type { Directory } from '#core/organization/directory.ts';
import type { FindingSummary } from '#ports/http-api.ts';

/** A problem as lists show it. */
export function findingSummary(problem: Problem, directory: Directory): FindingSummary {
  const { observation } = problem;
  const account =
    observation.accountId === null ? null : directory.view(observation.accountId, observation.accountNameHint);
  const [resource] = observation.resources;
  return {
    key: problem.key,
    kind: observation.kind,
    type: observation.type,
    title: observation.title,
    severity: observation.severity,
    status: problem.status,
    account: account ?? { id: '', name: null, ou: null, environment: null },
    team: problem.team === null ? null : { id: problem.team, name: directory.teamName(problem.team) ?? problem.team },
    region: observation.region,
    resource: resource === undefined ? null : { type: resource.type, id: resource.id },
    resourceCount: observation.resourceCount,
    firstSeenAt: problem.firstSeenAt,
    lastSeenAt: problem.lastSeenAt,
    timesSeen: Math.max(problem.timesSeen, observation.count ?? 0),
    sample: observation.sample,
    acknowledgedBy: problem.acknowledgedBy,
    assignedTo: problem.assignedTo,
    exceptionId: problem.exceptionId,
  };
}

/** Keys come URL-encoded; anything is a key until the store says it knows none. */
export function problemKeyOf(parameter: string): ProblemKey {
  return parameter as ProblemKey;
}
