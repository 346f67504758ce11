import { SEVERITIES, type Severity } from '#core/finding/severity.ts';
import type { OpenCount } from '#ports/state-store.ts';

/** What is open in one account, or of one team. */
export type Tally = { readonly open: Record<Severity, number>; lastSeenAt: number | null };

/** A zero for every severity. */
export function noFindings(): Record<Severity, number> {
  const counts: Partial<Record<Severity, number>> = {};
  for (const severity of SEVERITIES) counts[severity] = 0;
  // Every severity was just set.
  return counts as Record<Severity, number>;
}

/** Adds up open counts by what `groupOf` says. */
export function talliesBy<Group>(
  counts: readonly OpenCount[],
  groupOf: (count: OpenCount) => Group,
): Map<Group, Tally> {
  const found = new Map<Group, Tally>();
  for (const each of counts) {
    const group = groupOf(each);
    const tally = found.get(group) ?? { open: noFindings(), lastSeenAt: null };
    tally.open[each.severity] += each.count;
    tally.lastSeenAt = Math.max(tally.lastSeenAt ?? each.lastSeenAt, each.lastSeenAt);
    found.set(group, tally);
  }
  return found;
}
