import { createHash } from 'node:crypto';
import type { Config } from '#core/config/config-schema.ts';
import { type Exception, MAX_EXCEPTION_DAYS } from '#core/notification/exception.ts';

const DAY_MS = 86_400_000;
const PREFIX = 'config:';

/** The end of the day (UTC) that an exception names. */
export function exceptionEnd(expires: string): number {
  return Date.parse(`${expires}T00:00:00Z`) + DAY_MS;
}

/** No exception that begins now lasts longer. */
export function longestEnd(now: number): number {
  return now + MAX_EXCEPTION_DAYS * DAY_MS;
}

/** The accepted risks that yagura.yaml lists; they last through the day they name (UTC), at most 90 days from when they were first read. */
export function configExceptions(config: Config, now: number): Exception[] {
  return config.exceptions.map((entry) => ({
    id: `${PREFIX}${createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 16)}`,
    scope: {
      ...(entry.type === undefined ? {} : { type: entry.type }),
      ...(entry.account === undefined ? {} : { accountId: entry.account }),
      ...(entry.resource === undefined ? {} : { resource: entry.resource }),
      ...(entry.team === undefined ? {} : { team: entry.team }),
    },
    reason: entry.reason,
    owner: entry.owner,
    createdBy: 'yagura.yaml',
    createdAt: now,
    expiresAt: Math.min(exceptionEnd(entry.expires), longestEnd(now)),
    removedAt: null,
    removedBy: null,
    silenced: 0,
  }));
}

/** What must be stored so that the store says what the file says: new ones, and the end of those that left the file. */
export function exceptionChanges(stored: readonly Exception[], listed: readonly Exception[], now: number): Exception[] {
  const known = new Map(stored.map((exception) => [exception.id, exception]));
  const wanted = new Set(listed.map((exception) => exception.id));
  const added = listed.filter((exception) => known.get(exception.id) === undefined);
  const back = listed.flatMap((exception) => {
    const before = known.get(exception.id);
    return before === undefined || before.removedAt === null ? [] : [{ ...before, removedAt: null, removedBy: null }];
  });
  const gone = stored.filter(
    (exception) => exception.id.startsWith(PREFIX) && exception.removedAt === null && !wanted.has(exception.id),
  );
  return [...added, ...back, ...gone.map((exception) => ({ ...exception, removedAt: now, removedBy: 'yagura.yaml' }))];
}
