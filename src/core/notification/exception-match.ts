import type { Observation } from '#core/finding/observation.ts';
import type { Exception } from '#core/notification/exception.ts';
import { matchesPattern } from '#core/notification/pattern.ts';

/** True while it is neither removed nor expired. */
export function isActive(exception: Exception, now: number): boolean {
  return exception.removedAt === null && exception.expiresAt > now;
}

/** The active exception that covers this observation, the one that lasts longest first. */
export function coveringException(
  exceptions: readonly Exception[],
  observation: Observation,
  team: string | null,
  now: number,
): Exception | undefined {
  let found: Exception | undefined;
  for (const exception of exceptions) {
    if (!isActive(exception, now) || !covers(exception, observation, team)) continue;
    if (found === undefined || exception.expiresAt > found.expiresAt) found = exception;
  }
  return found;
}

function covers({ scope }: Exception, observation: Observation, team: string | null): boolean {
  const given = [scope.problemKey, scope.type, scope.accountId, scope.resource, scope.team];
  // An empty scope would silence everything.
  if (given.every((value) => value === undefined)) return false;
  const { resource, type } = scope;
  return (
    (scope.problemKey === undefined || scope.problemKey === observation.key) &&
    (type === undefined || matchesPattern(type, observation.type)) &&
    (scope.accountId === undefined || scope.accountId === observation.accountId) &&
    (scope.team === undefined || scope.team === team) &&
    (resource === undefined || observation.resources.some((entry) => matchesPattern(resource, entry.id)))
  );
}
