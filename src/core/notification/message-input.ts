import type { Problem } from '#core/finding/problem.ts';
import type { Language } from '#core/notification/destination.ts';
import type { MessageInput } from '#core/notification/message.ts';
import type { MessageAction } from '#core/notification/outbox.ts';
import type { Reason } from '#core/notification/reason.ts';
import type { Directory } from '#core/organization/directory.ts';

export type Telling = {
  readonly audience: MessageInput['audience'];
  readonly language: Language;
  readonly action: MessageAction;
  readonly reason: Reason;
};
export type Links = {
  readonly consoleUrl?: string;
  readonly accessPortal?: { readonly url: string; readonly roleName: string };
};

/** Gathers what a formatter may know: the problem, whose account it is, and where to read on. */
export function messageInput(problem: Problem, telling: Telling, directory: Directory, links: Links): MessageInput {
  const { observation } = problem;
  const id = observation.accountId;
  const account = id === null ? undefined : directory.find(id);
  const team = account?.team ?? null;
  // The reason that opened the conversation answers "why did I get this?"; later ones only say what changed.
  return {
    problem,
    account: id === null ? null : directory.view(id, observation.accountNameHint),
    team: team === null ? null : { id: team, name: directory.teamName(team) ?? team },
    ownership:
      id === null ? 'no-account' : account === undefined ? 'unknown-account' : team === null ? 'no-owner' : 'owned',
    audience: telling.audience,
    language: telling.language,
    action: telling.action,
    reason: telling.reason,
    consoleUrl:
      links.consoleUrl === undefined
        ? null
        : `${links.consoleUrl.replace(/\/$/, '')}/findings/${encodeURIComponent(problem.key)}`,
    sourceUrl: throughPortal(observation.sourceUrl, id, links.accessPortal),
  };
}

function throughPortal(url: string | null, account: string | null, portal: Links['accessPortal']): string | null {
  if (url === null || portal === undefined || account === null) return url;
  const query = new URLSearchParams({ account_id: account, role_name: portal.roleName, destination: url });
  return `${portal.url.replace(/\/$/, '')}/#/console?${query.toString()}`;
}
