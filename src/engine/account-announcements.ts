import type { Problem, Told } from '#core/finding/problem.ts';
import { ASK_AGAIN_MS, askedAt, ENDING_EVENTS, endsAnnouncement } from '#core/notification/announcement.ts';
import type { DecisionContext, Entry } from '#core/notification/decide.ts';
import { destinationKey } from '#core/notification/destination.ts';
import { route } from '#core/notification/route.ts';
import { changeProblem, type Step } from '#engine/change-problem.ts';
import { openProblemsOf } from '#engine/open-problems.ts';
import type { ActionPorts } from '#engine/problem-actions.ts';

export type AnnouncementReport = {
  /** Closed, because the account has an owner now. */
  readonly owned: number;
  /** Closed, because the account is gone. */
  readonly gone: number;
  /** Asked for again. */
  readonly reminded: number;
};

const PAGE = 500;

/** A new account is announced until it has an owner or is gone; once a day the central team is asked for the owner again. */
export async function keepAnnouncements(context: DecisionContext, ports: ActionPorts): Promise<AnnouncementReport> {
  const report = { owned: 0, gone: 0, reminded: 0 };
  const open: Problem[] = [];
  for await (const problem of openProblemsOf({ kind: ['account'] }, ports.store)) open.push(problem);
  if (open.length === 0) return report;
  const ends = await endsOf(ports);
  const left: Problem[] = [];
  for (const problem of open) {
    const id = problem.observation.accountId;
    const team = id === null ? null : (context.directory.find(id)?.team ?? null);
    const end = ends.get(id)?.find((candidate) => endsAnnouncement(candidate.observation, problem.observation));
    if (team !== null) report.owned += await close(problem, { team, because: `owner: ${team}` }, context, ports);
    else if (end !== undefined) report.gone += await close(problem, { team, because: end.key }, context, ports);
    else left.push(problem);
  }
  const { gone, reminded } = await askAgain(left, context, ports);
  return { owned: report.owned, gone: report.gone + gone, reminded };
}

/** What may have ended announcements, by account. */
async function endsOf({ store }: ActionPorts): Promise<Map<string | null, Problem[]>> {
  const found: Problem[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const sort = { by: 'firstSeenAt', descending: false } as const;
    const { items, total } = await store.problemPage({
      kind: ['account'],
      type: ENDING_EVENTS,
      sort,
      limit: PAGE,
      offset,
    });
    found.push(...items);
    if (offset + PAGE >= total) break;
  }
  return Map.groupBy(found, ({ observation }) => observation.accountId);
}

/** Several announcements of one account (created, then joined) are asked for once, under the newest. */
async function askAgain(
  announcements: readonly Problem[],
  context: DecisionContext,
  ports: ActionPorts,
): Promise<{ gone: number; reminded: number }> {
  const sum = { gone: 0, reminded: 0 };
  for (const [id, own] of Map.groupBy(announcements, ({ observation }) => observation.accountId)) {
    const lastAskedAt = Math.max(...own.map(askedAt));
    if (context.now - lastAskedAt < ASK_AGAIN_MS) continue;
    const newest = own.toSorted((a, b) => b.observation.updatedAt - a.observation.updatedAt)[0];
    if (newest === undefined) continue;
    const isGone = context.directory.membership(id, lastAskedAt) === 'gone';
    if (isGone) sum.gone += await closeAll(own, context, ports);
    else sum.reminded += await changed(newest, ports, (known) => reminder(known, context));
  }
  return sum;
}

async function closeAll(own: readonly Problem[], context: DecisionContext, ports: ActionPorts): Promise<number> {
  let closed = 0;
  const because = 'AWS Organizations does not list the account';
  // An invited account is not listed before it joins.
  for (const problem of own.filter(({ observation }) => observation.type !== 'InviteAccountToOrganization'))
    closed += await close(problem, { team: null, because }, context, ports);
  return closed;
}

function reminder(known: Problem, context: DecisionContext): Step | undefined {
  if (known.status !== 'open' || known.exceptionId !== null || context.now - askedAt(known) < ASK_AGAIN_MS)
    return undefined;
  const { observation } = known;
  const account = observation.accountId === null ? undefined : context.directory.find(observation.accountId);
  const answers = new Map(
    route(observation, account, context.policy, context.now).routed.map((routed) => [
      destinationKey(routed.destination),
      routed,
    ]),
  );
  // Nobody is asked in the night: the next housekeeping after it does.
  if ([...answers.values()].some(({ reason }) => reason.code === 'quiet-hours')) return undefined;
  const days = Math.max(1, Math.floor((context.now - known.firstSeenAt) / ASK_AGAIN_MS));
  const entries = Object.entries(known.told).flatMap(([key, told]): Entry[] => {
    const answer = answers.get(key);
    if (answer?.decision === 'drop') return [];
    const again = toldAgain(told, { code: 'no-owner-yet', days });
    return [{ routed: { ...again, ...digested(answer) }, action: 'update' }];
  });
  if (entries.length === 0) return undefined;
  return {
    problem: { ...known, ownerAskedAt: context.now },
    entries,
    history: [{ at: context.now, what: 'updated', by: 'yagura', detail: `no owner after ${days} days` }],
  };
}

function digested(answer: Entry['routed'] | undefined): Partial<Entry['routed']> {
  return answer === undefined ? {} : { decision: answer.decision, dueAt: answer.dueAt };
}

function toldAgain(told: Told, reason: Entry['routed']['reason']): Entry['routed'] {
  const { destination, audience, language } = told;
  return { destination, audience, language, decision: 'send', reason, dueAt: null };
}

type Closing = { readonly team: string | null; readonly because: string };

async function close(
  problem: Problem,
  { team, because }: Closing,
  { now }: DecisionContext,
  ports: ActionPorts,
): Promise<number> {
  return await changed(problem, ports, (known) => {
    if (known.status !== 'open') return undefined;
    return {
      problem: { ...known, status: 'resolved', resolvedAt: now, team },
      entries: Object.values(known.told).map((told) => ({
        routed: toldAgain(told, { code: 'over' }),
        action: 'resolve',
      })),
      history: [{ at: now, what: 'resolved', by: 'yagura', detail: because }],
    };
  });
}

/** 1 when there was something to change. */
async function changed(
  { key }: Problem,
  ports: ActionPorts,
  change: (known: Problem) => Step | undefined,
): Promise<number> {
  let isChanged = false;
  await changeProblem(key, ports, (known) => {
    const step = change(known);
    isChanged = step !== undefined;
    return step;
  });
  return Number(isChanged);
}
