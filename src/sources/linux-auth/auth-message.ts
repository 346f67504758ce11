import { accountFact } from './account-facts.ts';
import type { AuthFact } from './auth-fact.ts';
import { isPam, pamFact, pamText } from './pam-facts.ts';
import { sessionFacts } from './session-facts.ts';
import { sshdFact } from './sshd-facts.ts';
import { sudoFact } from './sudo-facts.ts';

/** A message that somebody made longer than any of these programs do is kept, but not interpreted. */
const longestInterpreted = 32_768;

const accountPrograms = [
  'useradd',
  'usermod',
  'userdel',
  'groupadd',
  'groupmod',
  'groupdel',
  'groupmems',
  'gpasswd',
  'passwd',
  'chpasswd',
  'newusers',
  'chage',
  'chfn',
  'chsh',
];

const interpreters: Readonly<Record<string, (message: string) => AuthFact | undefined>> = {
  sshd: sshdFact,
  sudo: sudoFact,
  ...sessionFacts,
  ...Object.fromEntries(accountPrograms.map((program) => [program, accountFact])),
};

/** Other names of the same programs. */
const sameAs: Readonly<Record<string, string>> = {
  'sshd-session': 'sshd',
  'sshd-auth': 'sshd',
  'su-l': 'su',
  CRON: 'cron',
  CROND: 'cron',
  crond: 'cron',
};

/** A message that syslog says once instead of several times. */
const REPEATED = /^message repeated (\d{1,9}) times: \[ ?(.*)\]$/s;
/** A program that puts its own bracket into its name, so that syslog takes it for text. */
const OWN_TAG = /^([A-Za-z][\w.-]{0,63})\]: /;
/** Red Hat wrote PAM's module behind the program's name until 2007. */
const WITH_MODULE = /^([\w.-]{1,64})\((pam_[a-z0-9_]{1,40})\)$/;

/** What a program's message says, where it is one about signing in, accounts or commands; undefined for any other. */
export function interpretMessage(app: string | undefined, text: string): AuthFact | undefined {
  if (text.length > longestInterpreted) return undefined;
  const repeated = REPEATED.exec(text);
  if (repeated?.[2] !== undefined) {
    const fact = interpretOnce(app, repeated[2]);
    return fact === undefined ? undefined : { ...fact, count: Number(repeated[1]) * (fact.count ?? 1) };
  }
  return interpretOnce(app, text);
}

function interpretOnce(app: string | undefined, text: string): AuthFact | undefined {
  const message = text.replace(OWN_TAG, '');
  if (isPam(message)) return pamFact(message);
  const module = WITH_MODULE.exec(app ?? '');
  if (module?.[1] !== undefined) {
    const fact = pamText(message);
    return fact === undefined ? undefined : { ...fact, service: module[1] };
  }
  const program = programOf(app);
  return Object.hasOwn(interpreters, program) ? interpreters[program]?.(message) : undefined;
}

/** True for a program whose messages are about signing in, accounts or commands. */
export function isAuthProgram(app: string | undefined): boolean {
  return Object.hasOwn(interpreters, programOf(app)) || WITH_MODULE.test(app ?? '');
}

function programOf(app: string | undefined): string {
  const name = app?.slice(app.lastIndexOf('/') + 1) ?? '';
  return (Object.hasOwn(sameAs, name) ? sameAs[name] : undefined) ?? name;
}
