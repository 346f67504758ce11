import { YaguraError } from '#core/errors/yagura-error.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { HistoryEntry, Problem } from '#core/finding/problem.ts';
import { type Exception, type ExceptionScope, MAX_EXCEPTION_DAYS } from '#core/notification/exception.ts';
import { coveringException } from '#core/notification/exception-match.ts';
import { changeProblem, updateAll } from '#engine/change-problem.ts';
import { openProblemsIn } from '#engine/open-problems.ts';
import type { Clock, Random } from '#ports/clock.ts';
import type { StateStore } from '#ports/state-store.ts';

export type ActionPorts = { readonly store: StateStore; readonly clock: Clock; readonly random: Random };
/** Who acts, as the audit log names them: `slack:U123`, `console:local`, `cli:name`. */
export type Actor = { readonly id: string; readonly name: string };

const DAY_MS = 86_400_000;

/** Marks a problem as seen by a person; its messages say so. */
export async function acknowledge(key: ProblemKey, actor: Actor, ports: ActionPorts): Promise<Problem> {
  const problem = await changeProblem(key, ports, (known) =>
    known.acknowledgedBy === actor.name
      ? undefined
      : {
          problem: { ...known, acknowledgedBy: actor.name },
          entries: updateAll(known, ['acknowledged']),
          history: [note(ports, 'acknowledged', actor, '')],
        },
  );
  await audit(ports, actor, 'finding.acknowledge', key, {});
  return problem;
}

/** Gives a problem to a person (null: to nobody). */
export async function assign(key: ProblemKey, to: string | null, actor: Actor, ports: ActionPorts): Promise<Problem> {
  const problem = await changeProblem(key, ports, (known) =>
    known.assignedTo === to
      ? undefined
      : {
          problem: { ...known, assignedTo: to },
          entries: updateAll(known, ['assigned']),
          history: [note(ports, 'assigned', actor, to ?? '')],
        },
  );
  await audit(ports, actor, 'finding.assign', key, { to });
  return problem;
}

export type RiskRequest = {
  readonly scope: ExceptionScope;
  readonly reason: string;
  readonly owner: string;
  readonly days: number;
};

/** What a person chose in the form: this problem, everything on its resource, or this type in the whole account. */
export function riskScope(problem: Problem, choice: 'problem' | 'resource' | 'account-type'): ExceptionScope {
  const { accountId, type, resources } = problem.observation;
  const chosen = choice === 'resource' ? resources[0]?.id : choice === 'account-type' ? type : undefined;
  // Without an account it would reach over all of them; a name with * in it, which others may choose, over what it pretends to be.
  if (chosen === undefined || accountId === null || chosen.includes('*')) return { problemKey: problem.key };
  return choice === 'resource' ? { resource: chosen, accountId } : { type: chosen, accountId };
}

/** Accepts a risk: checked, stored, audited; problems it covers stop telling anybody until it ends. */
export async function addException(request: RiskRequest, actor: Actor, ports: ActionPorts): Promise<Exception> {
  const problem = exceptionProblem(request);
  if (problem !== undefined) throw new YaguraError('input.invalid', problem);
  const now = ports.clock.now();
  const id = ports.random.id();
  // A queue may hand over the same request twice, and a home with queues gives it the same id then.
  const known = (await ports.store.exceptions()).find((stored) => stored.id === id);
  if (known !== undefined) {
    await markCovered(known, actor, ports);
    return known;
  }
  const exception: Exception = {
    id,
    scope: request.scope,
    reason: request.reason.trim(),
    owner: request.owner.trim(),
    createdBy: actor.id,
    createdAt: now,
    expiresAt: now + request.days * DAY_MS,
    removedAt: null,
    removedBy: null,
    silenced: 0,
  };
  await ports.store.saveException(exception);
  await audit(ports, actor, 'exception.add', exception.id, {
    scope: exception.scope,
    reason: exception.reason,
    owner: exception.owner,
    expiresAt: exception.expiresAt,
  });
  await markCovered(exception, actor, ports);
  return exception;
}

/** Undefined when the request is complete and within bounds; else what to mend. */
export function exceptionProblem(request: RiskRequest): string | undefined {
  if (Object.values(request.scope).every((value) => value === undefined || value === ''))
    return 'An exception needs a scope: a problem, a type, an account, a resource or a team.';
  if ([request.scope.resource, request.scope.type].some((pattern) => pattern !== undefined && /^\*+$/.test(pattern)))
    return 'An exception for everything would silence everything: name a resource or a type.';
  if (request.reason.trim().length < 3) return 'An exception needs a reason of at least 3 characters.';
  if (request.owner.trim() === '') return 'An exception needs an owner.';
  if (!Number.isInteger(request.days) || request.days < 1 || request.days > MAX_EXCEPTION_DAYS)
    return `An exception lasts 1 to ${MAX_EXCEPTION_DAYS} days.`;
  return undefined;
}

/** Ends an exception early; problems it silenced are told by the next housekeeping. */
export async function removeException(id: string, actor: Actor, ports: ActionPorts): Promise<Exception> {
  const found = (await ports.store.exceptions()).find((exception) => exception.id === id);
  if (found === undefined)
    throw new YaguraError('not-found', `There is no exception ${id}. List them with: yagura exceptions list`);
  if (found.removedAt !== null) return found;
  const removed = { ...found, removedAt: ports.clock.now(), removedBy: actor.id };
  await ports.store.saveException(removed);
  await audit(ports, actor, 'exception.remove', id, {});
  return removed;
}

async function markCovered(exception: Exception, actor: Actor, ports: ActionPorts): Promise<void> {
  for await (const problem of openProblemsIn(exception.scope, ports.store)) {
    if (coveringException([exception], problem.observation, problem.team, ports.clock.now()) === undefined) continue;
    await changeProblem(problem.key, ports, (known) =>
      known.exceptionId === exception.id
        ? undefined
        : {
            problem: { ...known, exceptionId: exception.id },
            entries: updateAll(known, ['exception']),
            history: [note(ports, 'exception-added', actor, `${exception.id}: ${exception.reason}`)],
          },
    );
  }
}

function note(ports: ActionPorts, what: HistoryEntry['what'], actor: Actor, detail: string): HistoryEntry {
  return { at: ports.clock.now(), what, by: actor.name, detail };
}

async function audit(
  ports: ActionPorts,
  actor: Actor,
  action: string,
  target: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await ports.store.appendAudit({ at: ports.clock.now(), actor: actor.id, action, target, detail });
}
