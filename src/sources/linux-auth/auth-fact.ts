/** What a message of a login or account program says happened; map.sql turns the word into class and activity. */
export type AuthEvent =
  | 'logon'
  | 'logoff'
  /** A step of signing in that is neither: a refused connection, a first factor. */
  | 'sign-in-step'
  | 'command'
  | 'user-created'
  | 'user-changed'
  | 'user-deleted'
  | 'user-enabled'
  | 'user-locked'
  | 'password-changed'
  | 'password-reset'
  | 'member-added'
  | 'member-removed'
  | 'group-created'
  | 'group-changed'
  | 'group-deleted';

/** What a message was understood to say. The message itself is always kept whole, so that nothing hangs on this. */
export interface AuthFact {
  readonly event: AuthEvent;
  readonly failed?: boolean;
  /** The program's own words for it. */
  readonly detail?: string;
  /** Who signs in, or whose account is changed. */
  readonly user?: string;
  readonly userUid?: string;
  /** Who does it, where that is somebody else. */
  readonly actor?: string;
  readonly actorUid?: string;
  /** Address or name of the other side. */
  readonly remote?: string;
  readonly port?: string;
  readonly method?: string;
  /** The fingerprint of a key. */
  readonly credential?: string;
  /** The PAM service, where it says more than the program's name. */
  readonly service?: string;
  readonly session?: string;
  readonly terminal?: string;
  readonly group?: string;
  readonly groupUid?: string;
  readonly command?: string;
  readonly count?: number;
  /** What has no place in OCSF. */
  readonly others?: Readonly<Record<string, string>>;
}

/** A program writes no name where it knows none; PAM and sshd say it like this elsewhere. */
export const unknownUser = '(unknown)';

/** A pattern with what its groups mean. */
export interface FactPattern {
  readonly pattern: RegExp;
  readonly fact: (groups: Readonly<Record<string, string | undefined>>) => AuthFact | undefined;
}

/** The fact of the first pattern that fits the text. */
export function firstFact(patterns: readonly FactPattern[], text: string): AuthFact | undefined {
  for (const { pattern, fact } of patterns) {
    const groups = pattern.exec(text)?.groups;
    const found = groups === undefined ? undefined : fact(groups);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A fact without the keys whose value is missing. */
export function factOf(
  event: AuthEvent,
  values: { readonly [K in keyof Omit<AuthFact, 'event'>]: AuthFact[K] | undefined },
): AuthFact {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return { event, ...Object.fromEntries(known) };
}
