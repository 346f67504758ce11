import type { Severity } from '#core/finding/severity.ts';
import type { Language } from '#core/notification/destination.ts';
import type { Reason } from '#core/notification/reason.ts';
import type { Texts } from '#core/text/en.ts';
import { texts } from '#core/text/texts.ts';

/** A reason as a sentence part in the reader's language. */
export function reasonText(reason: Reason, language: Language): string {
  const t = texts(language);
  const say = t.reasons;
  const severity = (value: Severity) => t.severities[value];
  switch (reason.code) {
    case 'route':
      return reason.floor === undefined
        ? say.route(reason.route)
        : say.routeFloor(reason.route, severity(reason.floor));
    case 'route-drop':
      return say.routeDrop(reason.route);
    case 'team-floor':
      return say.teamFloor(reason.team, severity(reason.floor));
    case 'central-floor':
      return say.centralFloor(severity(reason.floor));
    case 'no-owner':
      return say.noOwner;
    case 'unknown-account':
      return say.unknownAccount(reason.account);
    case 'team-without-channel':
      return say.teamWithoutChannel(reason.team);
    case 'public-health':
      return say.publicHealth;
    case 'account-lifecycle':
      return say.accountLifecycle;
    case 'below-floor':
      return say.belowFloor(severity(reason.severity), severity(reason.floor));
    case 'no-destination':
      return say.noDestination;
    case 'told-before':
      return toldBefore(reason.changed, t);
    case 'no-owner-yet':
      return say.noOwnerYet(String(reason.days));
    case 'over':
      return say.over;
    case 'exception':
      return say.exception(reason.exception, reason.owner, utc(reason.expiresAt, 10));
    case 'duplicate':
      return say.duplicate(reason.timesSeen);
    case 'copy':
      return say.copy(reason.origin);
    case 'older-copy':
      return say.olderCopy;
    case 'never-seen':
      return reason.state === 'resolved' ? say.neverSeenResolved : say.neverSeenSuppressed;
    case 'resolved-unannounced':
      return say.resolvedUnannounced;
    case 'suppressed':
      return say.suppressed;
    case 'undetermined':
      return say.undetermined;
    case 'quiet-hours':
      return say.quietHours(utc(reason.until, 16));
    case 'digest':
      return say.digest(reason.route);
    case 'unknown-kind':
      return say.unknownKind(reason.detailType);
    case 'not-understood':
      return say.notUnderstood(reason.detail);
  }
}

function toldBefore(changed: readonly string[], t: Texts): string {
  if (changed.length === 0) return t.reasons.toldBefore;
  return t.reasons.toldBeforeChanged(changed.map((change) => t.changes[change] ?? change).join(t.comma));
}

/** The first characters of a time in UTC; a dash for one that no calendar knows. */
function utc(at: number, length: 10 | 16): string {
  if (!(Math.abs(at) <= 8.64e15)) return '–';
  return new Date(at).toISOString().slice(0, length).replace('T', ' ');
}
