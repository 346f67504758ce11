import type { Installation } from '#apps/server/installation.ts';
import { findingSummary } from '#apps/server/views.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import { destinationKey, destinationOfKey, type Language } from '#core/notification/destination.ts';
import type { Exception } from '#core/notification/exception.ts';
import { coveringException } from '#core/notification/exception-match.ts';
import { messageInput } from '#core/notification/message-input.ts';
import type { DeliveredMessage, Thread } from '#core/notification/outbox.ts';
import type { Reason } from '#core/notification/reason.ts';
import { type Routed, route } from '#core/notification/route.ts';
import { reasonText } from '#core/text/reason-text.ts';
import type { FindingDetail, RouteExplanation } from '#ports/http-api.ts';

/** Messages of one problem that are looked through for when its threads began. */
const MESSAGES = 500;

/** The problem of a key, or a clear "not found". */
export async function loadProblem(key: ProblemKey, { store }: Installation): Promise<Problem> {
  const problem = (await store.problems([key])).get(key);
  if (problem === undefined) throw new YaguraError('not-found', `There is no finding ${key}.`);
  return problem;
}

/** Everything the console shows of one finding. */
export async function findingDetail(key: ProblemKey, language: Language, yagura: Installation): Promise<FindingDetail> {
  const { store } = yagura;
  const problem = await loadProblem(key, yagura);
  const [history, threads, messages, raw, exceptions] = await Promise.all([
    store.history(key),
    store.threadsOf(key),
    store.messagePage({ problemKey: key, topLevelOnly: true, limit: MESSAGES }),
    store.rawEvent(key),
    store.exceptions(),
  ]);
  const exception = coveringException(exceptions, problem.observation, problem.team, yagura.clock.now()) ?? null;
  return {
    summary: findingSummary(problem, yagura.directory.current().directory),
    observation: problem.observation,
    state: problem.observation.state,
    history: [...history],
    threads: threadViews(threads, messages.items),
    routes: explanations(problem, exception, language, yagura),
    exception,
    raw: raw ?? null,
  };
}

function threadViews(threads: readonly Thread[], messages: readonly DeliveredMessage[]): FindingDetail['threads'] {
  const sentAt = new Map(messages.map((message) => [message.id, message.sentAt]));
  return threads.map((thread) => ({
    destination: destinationOfKey(thread.destinationKey),
    messageId: thread.messageId,
    ts: thread.ts,
    sentAt: sentAt.get(thread.messageId) ?? null,
  }));
}

/** Who gets this finding and why, as the routes stand now; what was told already keeps the reason it was told for. */
function explanations(
  problem: Problem,
  exception: Exception | null,
  language: Language,
  yagura: Installation,
): RouteExplanation[] {
  const { directory } = yagura.directory.current();
  const { observation } = problem;
  const id = observation.accountId;
  const account = id === null ? undefined : directory.find(id);
  const base = {
    event: 0,
    kind: observation.kind,
    problemKey: problem.key,
    account: id === null ? null : directory.view(id, observation.accountNameHint),
    team: account?.team ?? null,
    severity: observation.severity,
  };
  const { routed, none } = route(observation, account, yagura.policy, yagura.clock.now());
  if (routed.length === 0) return [{ ...base, decision: 'drop', reason: reasonText(none, language), action: 'none' }];
  return routed.map((each) => {
    const { decision, reason } = decisionOn(each, problem, exception);
    return {
      ...base,
      decision,
      reason: reasonText(reason, language),
      action: decision === 'drop' ? 'none' : 'post',
      destination: each.destination,
      message: yagura.renderer.message(messageInput(problem, { ...each, action: 'post' }, directory, yagura.links)),
    };
  });
}

function decisionOn(
  routed: Routed,
  problem: Problem,
  exception: Exception | null,
): { readonly decision: Routed['decision']; readonly reason: Reason } {
  if (routed.decision === 'drop') return routed;
  if (exception !== null) {
    const { id, owner, expiresAt } = exception;
    return { decision: 'drop', reason: { code: 'exception', exception: id, owner, expiresAt } };
  }
  return {
    decision: routed.decision,
    reason: problem.told[destinationKey(routed.destination)]?.reason ?? routed.reason,
  };
}
