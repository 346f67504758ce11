import type { Problem } from '#core/finding/problem.ts';
import { announce, type DecisionContext } from '#core/notification/decide.ts';
import type { Exception } from '#core/notification/exception.ts';
import { coveringException, isActive } from '#core/notification/exception-match.ts';
import { changeProblem, type Step } from '#engine/change-problem.ts';
import { openProblemsIn } from '#engine/open-problems.ts';
import type { ActionPorts } from '#engine/problem-actions.ts';

const SETTING = 'exceptions.checkedAt';
/** A router that read the exceptions before one ended may still write a problem as covered: look once more after this. */
const SETTLED_MS = 5 * 60_000;
/** Clocks differ, and a removal is stored after the time it carries. */
const LATE_MS = 86_400_000;

/** What was looked at: ends older than `at` by a day are done; of the later ones those listed, once or, with `settled`, for good. */
type Checked = { readonly at: number; readonly done: Readonly<Record<string, 'once' | 'settled'>> };

/** Tells of open problems whose exception ended (removed or expired) since the last time. Returns how many. */
export async function tellUncovered(context: DecisionContext, ports: ActionPorts): Promise<number> {
  const ended = context.exceptions.filter((exception) => !isActive(exception, context.now));
  if (ended.length === 0) return 0;
  const stored = await ports.store.setting(SETTING);
  const checked = readChecked(stored);
  const waiting = ended.filter((exception) => isWaiting(exception, checked, context.now));
  if (waiting.length === 0) return 0;
  let told = 0;
  for (const exception of waiting) told += await tellAfter(exception, context, ports);
  await ports.store.putSetting(SETTING, JSON.stringify(nowChecked(ended, context.now)));
  return told;
}

async function tellAfter({ scope }: Exception, context: DecisionContext, ports: ActionPorts): Promise<number> {
  let told = 0;
  for await (const problem of openProblemsIn(scope, ports.store)) {
    if (!isUncovered(problem, context)) continue;
    await changeProblem(problem.key, ports, (known) => announcement(known, context));
    told += 1;
  }
  return told;
}

function isUncovered(problem: Problem, { exceptions, now }: DecisionContext): boolean {
  return (
    problem.exceptionId !== null && coveringException(exceptions, problem.observation, problem.team, now) === undefined
  );
}

function announcement(known: Problem, context: DecisionContext): Step | undefined {
  if (known.exceptionId === null || known.status !== 'open') return undefined;
  const verdict = announce(known, context);
  if (verdict.problem === null) return undefined;
  const ended = { at: context.now, what: 'exception-removed', by: 'yagura', detail: known.exceptionId } as const;
  return { problem: verdict.problem, entries: verdict.entries, history: [ended, ...verdict.history] };
}

function isWaiting(exception: Exception, { at, done }: Checked, now: number): boolean {
  const endedAt = endOf(exception);
  if (endedAt < at - LATE_MS) return false;
  const state = done[markOf(exception)];
  return state === undefined || (state === 'once' && isSettled(endedAt, now));
}

function nowChecked(ended: readonly Exception[], now: number): Checked {
  const recent = ended.filter((exception) => endOf(exception) >= now - LATE_MS);
  const done = recent.map((exception): [string, 'once' | 'settled'] => [
    markOf(exception),
    isSettled(endOf(exception), now) ? 'settled' : 'once',
  ]);
  return { at: now, done: Object.fromEntries(done) };
}

function isSettled(endedAt: number, now: number): boolean {
  return now - endedAt >= SETTLED_MS;
}

// One that is listed again and ends again is another end.
function markOf(exception: Exception): string {
  return `${exception.id}@${endOf(exception)}`;
}

function endOf({ removedAt, expiresAt }: Exception): number {
  return Math.min(removedAt ?? expiresAt, expiresAt);
}

function readChecked(stored: string | undefined): Checked {
  // Written by `tellUncovered` alone.
  return stored === undefined ? { at: 0, done: {} } : (JSON.parse(stored) as Checked);
}
