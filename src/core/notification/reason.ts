import type { Severity } from '#core/finding/severity.ts';

/** Why something was sent, digested or dropped; rendered in either language by `reasonText`. */
export type Reason =
  | { readonly code: 'route'; readonly route: string; readonly floor?: Severity }
  | { readonly code: 'route-drop'; readonly route: string }
  | { readonly code: 'team-floor'; readonly team: string; readonly floor: Severity }
  | { readonly code: 'central-floor'; readonly floor: Severity }
  | { readonly code: 'no-owner' }
  | { readonly code: 'unknown-account'; readonly account: string }
  | { readonly code: 'team-without-channel'; readonly team: string }
  | { readonly code: 'public-health' }
  | { readonly code: 'account-lifecycle' }
  | { readonly code: 'below-floor'; readonly severity: Severity; readonly floor: Severity }
  | { readonly code: 'no-destination' }
  | { readonly code: 'told-before'; readonly changed: readonly string[] }
  | { readonly code: 'no-owner-yet'; readonly days: number }
  | { readonly code: 'over' }
  | { readonly code: 'exception'; readonly exception: string; readonly owner: string; readonly expiresAt: number }
  | { readonly code: 'duplicate'; readonly timesSeen: number }
  | { readonly code: 'copy'; readonly origin: string }
  | { readonly code: 'older-copy' }
  | { readonly code: 'never-seen'; readonly state: 'resolved' | 'suppressed' }
  | { readonly code: 'resolved-unannounced' }
  | { readonly code: 'suppressed' }
  | { readonly code: 'undetermined'; readonly status: string }
  | { readonly code: 'quiet-hours'; readonly until: number }
  | { readonly code: 'digest'; readonly route: string }
  | { readonly code: 'unknown-kind'; readonly detailType: string }
  | { readonly code: 'not-understood'; readonly detail: string };
