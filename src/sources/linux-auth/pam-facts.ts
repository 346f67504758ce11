import { type AuthFact, type FactPattern, factOf, firstFact, unknownUser } from './auth-fact.ts';

const MODULE = /^(pam_[a-z0-9_]{1,40})\(([^():]{1,64}):([a-z]{1,20})\): /;

const patterns: readonly FactPattern[] = [
  {
    pattern:
      /^session opened for user (?<user>.{0,256}?)(?:\(uid=(?<userUid>\d{1,10})\))? by (?<actor>.{0,256}?)\(uid=(?<actorUid>\d{1,10})\)$/s,
    fact: (found) => sessionFact('logon', 'session opened', found),
  },
  {
    pattern: /^session closed for user (?<user>.{0,256}?)(?:\(uid=(?<userUid>\d{1,10})\))?$/s,
    fact: (found) => sessionFact('logoff', 'session closed', found),
  },
  {
    pattern: /^authentication failure; (?<values>.*)$/s,
    fact: (found) => pamFailure(found['values'] ?? ''),
  },
  {
    pattern: /^authentication success; (?<values>.*)$/s,
    fact: (found) => pamFailure(found['values'] ?? '', false),
  },
  {
    pattern: /^password changed for (?<user>.{1,256})$/s,
    fact: ({ user }) => factOf('password-changed', { user, detail: 'password changed' }),
  },
  {
    pattern: /^(?:account|expired password for user) (?<user>.{1,256}?)(?: has expired)? \((?<detail>[a-z ]{1,64})\)$/s,
    fact: ({ user, detail }) => factOf('logon', { user, detail, failed: true }),
  },
  {
    pattern: /^received for user (?<user>.{1,256}?): \d{1,4} \((?<detail>.{1,120})\)$/s,
    fact: ({ user, detail }) => factOf('logon', { user, detail, failed: true }),
  },
  {
    pattern: /^user '(?<user>.{1,256}?)' granted access$/s,
    fact: ({ user }) => factOf('logon', { user, detail: 'granted access' }),
  },
  {
    pattern: /^user (?<user>.{1,256}?) \((?<userUid>\d{1,10})\) (?<detail>tally \d{1,9}, deny \d{1,9})$/s,
    fact: ({ user, userUid, detail }) => factOf('logon', { user, userUid, detail, failed: true }),
  },
  {
    pattern: /^Consecutive login failures for user (?<user>.{1,256}?) account temporarily locked$/s,
    fact: ({ user }) => factOf('user-locked', { user, detail: 'Consecutive login failures' }),
  },
];

/** What a message says that begins with a PAM module, e.g. `pam_unix(sshd:session): session closed for user root`. */
export function pamFact(message: string): AuthFact | undefined {
  const found = MODULE.exec(message);
  if (found === null) return undefined;
  const [head, name = '', service = ''] = found;
  const fact = pamText(message.slice(head.length));
  return fact === undefined ? undefined : { ...fact, service, others: { ...fact.others, 'pam.module': name } };
}

/** The same where the module stands elsewhere. */
export function pamText(text: string): AuthFact | undefined {
  return firstFact(patterns, text);
}

/** True for a message of a PAM module, understood or not. */
export function isPam(message: string): boolean {
  return MODULE.test(message);
}

function sessionFact(
  event: 'logon' | 'logoff',
  detail: string,
  { user, userUid, actor, actorUid }: Readonly<Record<string, string | undefined>>,
): AuthFact {
  return factOf(event, { user, userUid, actor: actor === '' ? undefined : actor, actorUid, detail });
}

const pamKeys = ['logname', 'uid', 'euid', 'tty', 'ruser', 'rhost', 'user'] as const;
type PamKey = (typeof pamKeys)[number];

/** `logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root`, as PAM modules write who failed. */
export function pamFailure(text: string, failed = true): AuthFact {
  const values = pamValues(text);
  return factOf('logon', {
    user: values.user ?? unknownUser,
    actor: values.ruser ?? values.logname,
    actorUid: values.uid,
    terminal: values.tty,
    remote: values.rhost,
    detail: failed ? 'authentication failure' : 'authentication success',
    failed: failed || undefined,
  });
}

/** Each key is looked for behind the one before it: what a name holds cannot come before its own key. */
function pamValues(text: string): Partial<Record<PamKey, string>> {
  const starts: { readonly key: PamKey; readonly at: number; readonly from: number }[] = [];
  let position = 0;
  for (const key of pamKeys) {
    const written = key === 'logname' ? 'logname=' : ` ${key}=`;
    const at = text.indexOf(written, position);
    if (at < 0) continue;
    position = at + written.length;
    starts.push({ key, at, from: position });
  }
  return Object.fromEntries(
    starts.flatMap(({ key, from }, index) => {
      const value = text.slice(from, starts[index + 1]?.at).trim();
      return value === '' ? [] : [[key, value]];
    }),
  );
}
