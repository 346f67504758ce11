import type { Problem } from '#core/finding/problem.ts';
import type { DecisionContext } from '#core/notification/decide.ts';
import { accountId } from '#core/organization/account.ts';
import { changeProblem, type Step } from '#engine/change-problem.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
import { tellUncovered } from '#engine/ended-exceptions.ts';
import { openProblemsOf } from '#engine/open-problems.ts';
import type { ActionPorts } from '#engine/problem-actions.ts';

/** A claim older than this was left by a crash. */
const STALE_MS = 120_000;

export type HousekeepingReport = {
  readonly uncovered: number;
  readonly owned: number;
  readonly recognised: number;
  readonly requeued: number;
};

/** What has to happen without any event: ended exceptions tell again, owned accounts close their announcement, crashed deliveries are settled. */
export async function housekeeping(
  context: DecisionContext,
  ports: ActionPorts,
  delivery: DeliveryPorts,
): Promise<HousekeepingReport> {
  // First, because a claim that was left holds up a whole destination.
  const { recognised, requeued } = await recoverClaims(context.now - STALE_MS, delivery);
  const uncovered = await tellUncovered(context, ports);
  const owned = await closeOwnedAnnouncements(context, ports);
  return { uncovered, owned, recognised, requeued };
}

/** A new account is announced until it has an owner: then its message is closed. */
export async function closeOwnedAnnouncements(context: DecisionContext, ports: ActionPorts): Promise<number> {
  let closed = 0;
  for await (const problem of openProblemsOf({ kind: ['account'] }, ports.store)) {
    const id = accountId(problem.observation.accountId);
    const team = id === undefined ? undefined : context.directory.find(id)?.team;
    if (team === undefined || team === null) continue;
    await changeProblem(problem.key, ports, (known) => closing(known, team, context.now));
    closed += 1;
  }
  return closed;
}

function closing(known: Problem, team: string, now: number): Step | undefined {
  if (known.status !== 'open') return undefined;
  const entries = Object.values(known.told).map((told) => ({
    routed: {
      destination: told.destination,
      audience: told.audience,
      language: told.language,
      decision: 'send' as const,
      reason: { code: 'over' as const },
      dueAt: null,
    },
    action: 'resolve' as const,
  }));
  return {
    problem: { ...known, status: 'resolved', resolvedAt: now, team },
    entries,
    history: [{ at: now, what: 'resolved', by: 'yagura', detail: `owner: ${team}` }],
  };
}
