import { type AuthFact, type FactPattern, factOf, firstFact, unknownUser } from './auth-fact.ts';

const suPatterns: readonly FactPattern[] = [
  {
    pattern: /^(?<failed>FAILED SU )?\(to (?<user>.{1,256}?)\) (?<actor>.{1,256}) on (?<terminal>\S{1,64})$/s,
    fact: (found) => suFact(found, found['failed'] !== undefined),
  },
  {
    pattern: /^(?<result>Successful|FAILED) su for (?<user>.{1,256}?) by (?<actor>.{1,256})$/s,
    fact: (found) => suFact(found, found['result'] === 'FAILED'),
  },
  {
    pattern: /^(?<result>[+-]) (?<terminal>\S{1,64}) (?<actor>[^:]{1,256})[:-](?<user>.{1,256})$/s,
    fact: (found) => suFact(found, found['result'] === '-'),
  },
];

/** What a message of `su` says. */
export function suFact(found: Readonly<Record<string, string | undefined>>, failed: boolean): AuthFact {
  const { user, actor, terminal } = found;
  return factOf('logon', { user, actor, terminal, detail: failed ? 'FAILED SU' : 'su', failed: failed || undefined });
}

const loginPatterns: readonly FactPattern[] = [
  {
    pattern: /^LOGIN ON (?<terminal>\S{1,64}) BY (?<user>.{1,256}?)(?: FROM (?<remote>\S{1,255}))?$/s,
    fact: (found) => loginFact(found),
  },
  {
    pattern:
      /^ROOT LOGIN {1,2}[Oo][Nn] '?(?<terminal>[^\s']{1,64})'?(?: (?:FROM|from) '?(?<remote>[^\s']{1,255})'?)?$/s,
    fact: (found) => loginFact({ ...found, user: 'root' }),
  },
  {
    pattern:
      /^(?<detail>FAILED LOGIN(?: SESSION)?) ?(?:\(?(?<tries>\d{1,6})\)?)? FROM (?<remote>\S{1,255}) FOR (?<user>.{0,256}), [^,]{1,120}$/s,
    fact: (found) => loginFact(found, 'failed'),
  },
  {
    pattern:
      /^(?<detail>FAILED LOGIN) \((?<tries>\d{1,6})\) on '(?<terminal>[^\s']{1,64})'(?: from '(?<remote>[^\s']{1,255})')? FOR '(?<user>.{0,256})', [^,]{1,120}$/s,
    fact: (found) => loginFact(found, 'failed'),
  },
];

function loginFact(found: Readonly<Record<string, string | undefined>>, result: 'failed' | 'done' = 'done'): AuthFact {
  const { user, terminal, remote, detail, tries } = found;
  // `login` says FROM for a terminal as well as for a host.
  const isTerminal = remote !== undefined && /^(?:\(null\)|\/dev\/.*|tty\S*|pts\/\S*|console)$/.test(remote);
  return factOf('logon', {
    user: user === undefined || user === '(null)' ? unknownUser : user,
    terminal: isTerminal && remote !== '(null)' ? remote : terminal,
    remote: isTerminal ? undefined : remote,
    detail: detail ?? 'LOGIN',
    failed: result === 'failed' || undefined,
    others: tries === undefined ? undefined : { 'login.tries': tries },
  });
}

const logindPatterns: readonly FactPattern[] = [
  {
    pattern:
      /^New session '?(?<session>[^\s']{1,64})'? of user '?(?<user>[^\s'.]{1,256}(?:\.[^\s'.]{1,256}){0,8})'?(?<kind> with class .{1,80})?\.?$/s,
    fact: ({ session, user, kind }) =>
      factOf('logon', {
        user,
        session,
        detail: 'New session',
        others: kind === undefined ? undefined : { 'session.kind': kind.trim() },
      }),
  },
  {
    pattern: /^Session (?<session>\S{1,64}) (?<detail>logged out)\. /s,
    fact: ({ session, detail }) => factOf('logoff', { user: unknownUser, session, detail }),
  },
  {
    pattern: /^(?<detail>Removed session) '?(?<session>[^\s'.]{1,64})'?\.$/s,
    fact: ({ session, detail }) => factOf('logoff', { user: unknownUser, session, detail }),
  },
];

const cronPatterns: readonly FactPattern[] = [
  {
    pattern: /^\((?<user>.{1,64}?)\) CMD \((?<command>.*)\)\s{0,8}$/s,
    fact: ({ user, command }) => factOf('command', { user, actor: user, command: command?.trim(), detail: 'CMD' }),
  },
];

/** What a message of `su`, `login`, `systemd-logind` or `cron` says, by the program's name. */
export const sessionFacts: Readonly<Record<string, (message: string) => AuthFact | undefined>> = {
  su: (message) => firstFact(suPatterns, message),
  login: (message) => firstFact(loginPatterns, message),
  'systemd-logind': (message) => firstFact(logindPatterns, message),
  cron: (message) => firstFact(cronPatterns, message),
};
