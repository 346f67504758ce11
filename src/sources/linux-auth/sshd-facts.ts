import { type AuthFact, type FactPattern, factOf, firstFact, unknownUser } from './auth-fact.ts';
import { pamFailure } from './pam-facts.ts';

// The user name of a failed try is the attacker's text, and may itself say "from 192.0.2.1 port 22". sshd writes the real address
// last, so the name reaches as far as it can; the name of an account that exists holds no spaces, so there it ends at once.
const KEY = '(?:: (?<keyType>\\S{1,64}) (?<key>(?:SHA256:|MD5:|[0-9a-f]{2}:)\\S{0,128})(?<certificate> .*)?)?';
const FROM = 'from (?<remote>\\S{1,255}) port (?<port>\\d{1,5})';

const patterns: readonly FactPattern[] = [
  {
    pattern: new RegExp(`^Accepted (?<method>\\S{1,64}) for (?<user>.{0,256}?) ${FROM}(?: ssh\\d)?${KEY}$`, 's'),
    fact: (found) => signIn(found, { detail: 'Accepted' }),
  },
  {
    pattern: new RegExp(
      `^Failed (?<method>\\S{1,64}) for (?<unknown>invalid user|illegal user) (?<user>.*) ${FROM}(?: ssh\\d)?${KEY}$`,
      's',
    ),
    fact: (found) => signIn(found, { detail: `Failed for ${found['unknown']}`, failed: true }),
  },
  {
    pattern: new RegExp(`^Failed (?<method>\\S{1,64}) for (?<user>.{0,256}?) ${FROM}(?: ssh\\d)?${KEY}$`, 's'),
    fact: (found) => signIn(found, { detail: 'Failed', failed: true }),
  },
  {
    pattern:
      /^(?<detail>Invalid user|Illegal user) (?<user>.*) from (?<remote>\S{1,255}?)(?: port (?<port>\d{1,5}))?$/s,
    fact: (found) => signIn(found, { detail: found['detail'], failed: true }),
  },
  {
    pattern: new RegExp(
      `^(?:error: )?(?<detail>maximum authentication attempts exceeded) for (?:invalid user )?(?<user>.*) ${FROM}`,
      's',
    ),
    fact: (found) => signIn(found, { detail: found['detail'], failed: true }),
  },
  {
    pattern:
      /^error: PAM: (?<detail>.{1,120}?) for (?:illegal user |invalid user )?(?<user>.*) from (?<remote>\S{1,255})$/s,
    fact: (found) => signIn(found, { detail: found['detail'], failed: true }),
  },
  {
    pattern: /^User (?<user>.{0,256}?)(?: from (?<remote>\S{1,255}))? not allowed because (?<detail>.{1,1000})$/s,
    fact: (found) => signIn(found, { detail: `not allowed because ${found['detail']}`, failed: true }),
  },
  {
    pattern: /^PAM (?<count>\d{1,6}) more authentication failures?; (?<values>.*)$/s,
    fact: (found) => ({ ...pamFailure(found['values'] ?? ''), count: Number(found['count']) }),
  },
  {
    pattern: new RegExp(
      `^(?<detail>Postponed|Partial) (?<method>\\S{1,64}) for (?:invalid user )?(?<user>.*) ${FROM}`,
      's',
    ),
    fact: (found) => ({ ...signIn(found, { detail: found['detail'] }), event: 'sign-in-step' }),
  },
  {
    pattern:
      /^(?<detail>(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting) (?:invalid|authenticating) user) (?<user>.*) (?<remote>\S{1,255}) port (?<port>\d{1,5})(?:: .*)?$/s,
    fact: (found) => ({ ...signIn(found, { detail: found['detail'], failed: true }), event: 'sign-in-step' }),
  },
  {
    pattern:
      /^(?<detail>Disconnected from|Connection (?:closed|reset) by) user (?<user>.{0,256}?) (?<remote>\S{1,255}) port (?<port>\d{1,5})$/s,
    fact: (found) => ({ ...signIn(found, { detail: `${found['detail']} user` }), event: 'logoff' }),
  },
];

const beforeSignIn = / \[preauth\]$/;

/** What a message of the SSH server says. */
export function sshdFact(message: string): AuthFact | undefined {
  return firstFact(patterns, message.replace(beforeSignIn, ''));
}

function signIn(
  found: Readonly<Record<string, string | undefined>>,
  said: { readonly detail: string | undefined; readonly failed?: boolean },
): AuthFact {
  const { user, remote, port, method, key, keyType, certificate } = found;
  const others = {
    ...(keyType === undefined ? {} : { 'key.type': keyType }),
    ...textOf('key.certificate', certificate),
  };
  return factOf('logon', {
    user: user ?? unknownUser,
    remote,
    port,
    method,
    credential: key,
    detail: said.detail,
    failed: said.failed,
    others: Object.keys(others).length === 0 ? undefined : others,
  });
}

function textOf(name: string, text: string | undefined): Record<string, string> {
  return text === undefined ? {} : { [name]: text.trim() };
}
