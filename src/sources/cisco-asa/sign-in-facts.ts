import {
  type AsaFact,
  endOf,
  type FactPattern,
  firstFact,
  type Groups,
  host,
  hostAndPort,
  present,
  secondsOf,
  user,
} from './asa-fact.ts';

const USER_IP = '(?: ?: user IP ?= {0,3}(?<from>\\S{1,255}))?';
const SERVER = '(?:server ?= {0,3}(?<server>\\S{1,255}?)|(?<local>local database))';
/** Old versions write `Group g User u IP a`, later ones put each into angle brackets. */
const PERSON =
  'Group (?:<(?<group>[^>]{1,256})>|(?<group2>\\S{1,256})) User (?:<(?<user>[^>]{1,256})>|(?<user2>\\S{1,256})) IP (?:<(?<from>[^>]{1,64})>|(?<from2>\\S{1,64}))';

const aaa: readonly FactPattern[] = [
  {
    pattern: new RegExp(
      `^AAA user (?<what>authentication|authorization|accounting) Successful ?: ${SERVER} ?[:,] ?[Uu]ser ?= {0,3}(?<user>.{1,256}?)${USER_IP}$`,
    ),
    fact: (found) => signIn(found, { failed: false, service: found['local'] === undefined ? 'AAA' : 'local database' }),
  },
  {
    pattern: new RegExp(
      `^AAA user (?<what>authentication|authorization|accounting) Rejected ?: reason ?= ?(?<reason>[^:]{1,200}?) ?: ${SERVER} ?: ?[Uu]ser ?= {0,3}(?<user>.{1,256}?)${USER_IP}$`,
    ),
    fact: (found) => signIn(found, { failed: true, service: found['local'] === undefined ? 'AAA' : 'local database' }),
  },
  {
    pattern:
      /^AAA unable to complete the request Error ?: reason ?= ?(?<reason>[^:]{1,200}?) ?: user ?= ?(?<user>.{1,256})$/,
    fact: (found) => signIn(found, { failed: true, service: 'AAA' }),
  },
  {
    pattern: /^AAA transaction status (?<reason>ACCEPT|REJECT) ?: user ?= ?(?<user>.{1,256})$/,
    fact: (found) => ({
      ...signIn(found, { failed: found['reason'] === 'REJECT', service: 'AAA' }),
      activity: 'AAA transaction',
    }),
  },
  {
    pattern:
      /^Authentication (?<result>succeeded|failed) for user (?:'(?<user>[^']{1,256})'|(?<user2>\S{1,256})) from (?<src>\S{1,255}) to (?<dst>\S{1,255}) on interface \S{1,128}/,
    fact: (found) => ({
      ...signIn(found, { failed: found['result'] === 'failed', service: 'authentication proxy' }),
      src: hostAndPort(found['src'] ?? ''),
      dst: hostAndPort(found['dst'] ?? ''),
    }),
  },
];

const management: readonly FactPattern[] = [
  {
    pattern:
      /^Login (?<result>denied|permitted) from (?<src>\S{1,255}) to (?<dst>\S{1,400}) for user "(?<user>[^"]{1,256})"/,
    fact: (found) => {
      // The console is no host.
      const to = found['dst'] === 'console' ? undefined : endOf(found, 'dst', 'with interface');
      return present({
        ...signIn(found, { failed: found['result'] === 'denied', service: to?.service ?? 'console' }),
        admin: true,
        src: to === undefined ? undefined : hostAndPort(found['src'] ?? ''),
        dst: to,
      });
    },
  },
  {
    pattern:
      /^User authentication (?<result>succeeded|failed) ?: IP address ?: (?<from>[^,\s]{1,64}), Uname ?: (?<user>.{1,256})$/,
    fact: (found) => ({
      ...signIn(found, { failed: found['result'] === 'failed', service: 'management session' }),
      admin: true,
    }),
  },
  {
    pattern: /^User authentication (?<result>succeeded|failed) ?: Uname ?: (?<user>.{1,256})$/,
    fact: (found) => ({
      ...signIn(found, { failed: found['result'] === 'failed', service: 'management session' }),
      admin: true,
    }),
  },
  {
    pattern: /^User logged out ?: Uname ?: (?<user>.{1,256})$/,
    fact: (found) => ({
      ...signIn(found, { failed: false, service: 'management session' }),
      activity: 'logoff',
      admin: true,
    }),
  },
  {
    pattern: /^Attempted console login failed\. User (?<user>\S{1,256}) did NOT have appropriate Admin Rights/,
    fact: (found) => ({
      ...signIn(found, { failed: true, service: 'console' }),
      admin: true,
      reason: 'no administrator rights',
    }),
  },
];

/** What of a person's session the text after name and address says; everything else is a step of its own. */
const steps: readonly (readonly [RegExp, string])[] = [
  [/session started\.?$|^Authentication: /, 'logon'],
  [/session terminated|Session terminated|SVC closing connection|Session disconnected/, 'logoff'],
];
const failures =
  /^(?:Session could not|AnyConnect session not allowed|Unable to create|Session terminated:|Authentication: rejected)|terminating connection\.?$|value invalid\.?$/;

const remote: readonly FactPattern[] = [
  {
    pattern: new RegExp(`^${PERSON} (?<text>.{1,1000})$`),
    fact: (found) => {
      const text = found['text'] ?? '';
      const failed = failures.test(text);
      const step = steps.find(([pattern]) => pattern.test(text))?.[1];
      const address = /^IPv4 Address <(?<v4>[^>]{1,64})>(?: IPv6 [Aa]ddress <(?<v6>[^>]{1,64})>)?/.exec(text)?.groups;
      return present({
        ...signIn(found, { failed, service: 'remote access VPN' }),
        activity: failed ? 'logon' : (step ?? (address === undefined ? 'session step' : 'address assigned')),
        reason: failed || step === 'logoff' ? text.replace(/\.$/, '') : undefined,
        src: { ...host(fromOf(found) ?? ''), ...inner(address) },
      });
    },
  },
  {
    pattern:
      /^Group ?= ?(?<group>[^,]{1,256}), Username ?= ?(?<user>[^,]{1,256}), IP ?= ?(?<from>[^,\s]{1,64}), Session disconnected\. Session Type: (?<service>[^,]{1,64}), Duration: (?<duration>[0-9dhms: ]{5,24}), Bytes xmt: (?<out>\d{1,15}), Bytes rcv: (?<in>\d{1,15}), Reason: (?<reason>.{1,200})$/,
    fact: (found) =>
      present({
        ...signIn(found, { failed: false, service: found['service'] ?? 'remote access VPN' }),
        activity: 'logoff',
        seconds: secondsOf(found['duration']),
        bytesOut: found['out'],
        bytesIn: found['in'],
      }),
  },
  {
    pattern:
      /^DAP: User (?<user>.{1,256}?), Addr (?<from>[^,\s]{1,64}), Connection (?<service>[^:]{1,64}): (?<reason>.{1,1000})$/,
    fact: (found) => ({
      ...signIn(found, { failed: false, service: found['service'] ?? 'remote access VPN' }),
      activity: 'access policy selected',
    }),
  },
  {
    pattern:
      /^Group ?= ?(?<group>[^,]{1,256}), Username ?= ?(?<user>[^,]{1,256}), IP ?= ?(?<from>[^,\s]{1,64}), (?<reason>.{1,1000})$/,
    fact: (found) => ({
      ...signIn(found, { failed: /fail|reject|denied|error/i.test(found['reason'] ?? ''), service: 'IPsec VPN' }),
      activity: 'session step',
    }),
  },
];

/** What a message about somebody's sign-in or session says. */
export function signInFact(text: string): AsaFact | undefined {
  return firstFact([...aaa, ...management, ...remote], text);
}

function signIn(found: Groups, said: { readonly failed: boolean; readonly service: string }): AsaFact {
  const from = fromOf(found);
  return present({
    topic: 'sign-in',
    activity: found['what'] === undefined || found['what'] === 'authentication' ? 'logon' : found['what'],
    failed: said.failed,
    ...user(found['user'] ?? found['user2']),
    group: found['group'] ?? found['group2'],
    src: from === undefined ? undefined : host(from),
    dst: found['server'] === undefined ? undefined : host(found['server']),
    service: said.service,
    reason: found['reason']?.trim(),
  });
}

function fromOf(found: Groups): string | undefined {
  const from = found['from'] ?? found['from2'];
  return from === undefined || /^(?:None|unknown|N\/A)$/i.test(from) ? undefined : from;
}

/** The address that a client has within the tunnel. */
function inner(address: Groups | undefined): { readonly mapped?: string } {
  const given = [address?.['v4'], address?.['v6']].map((text) => host(text ?? '').ip);
  const mapped = given.find((ip) => ip !== undefined && ip !== '::' && ip !== '0.0.0.0');
  return mapped === undefined ? {} : { mapped };
}
