import type { Observation } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';

/** The central team is asked for the owner of a new account once a day. */
export const ASK_AGAIN_MS = 86_400_000;

/** Lifecycle events that may end an announcement, by the name AWS gives them. */
export const ENDING_EVENTS: readonly string[] = [
  'CloseAccountResult',
  'RemoveAccountFromOrganization',
  'LeaveOrganization',
  'AcceptHandshake',
];

const LEAVING: ReadonlySet<string> = new Set(['closed', 'removed', 'left']);

/** True for a new account that waits for an owner. */
export function isAnnouncement({ status, observation }: Problem): boolean {
  return observation.kind === 'account' && status === 'open';
}

/** When the central team was last asked for the owner of an announced account. */
export function askedAt({ ownerAskedAt, firstSeenAt }: Problem): number {
  return ownerAskedAt ?? firstSeenAt;
}

/** True for news of an account that is told better when the directory was read again. One that left is no longer in it then. */
export function waitsForDirectory(observation: Observation): boolean {
  return observation.kind === 'account' && !LEAVING.has(lifecycleOf(observation));
}

/** True when what happened later to the account ends its announcement: it left (a failed closing is none), or was invited and joined. */
export function endsAnnouncement(later: Observation, announced: Observation): boolean {
  if (later.key === announced.key || later.updatedAt < announced.updatedAt) return false;
  const what = lifecycleOf(later);
  return LEAVING.has(what) || (what === 'joined' && lifecycleOf(announced) === 'invited');
}

/** The word of `core/intake/account-lifecycle` for what happened. */
function lifecycleOf({ facts }: Observation): string {
  return facts.find(({ label }) => label === 'lifecycle')?.value ?? '';
}
