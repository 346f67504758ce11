import { type AsaFact, type FactPattern, firstFact, type Groups, host, present, user } from './asa-fact.ts';

const commands: readonly FactPattern[] = [
  {
    pattern: /^User '(?<user>[^']{1,256})' executed the '(?<command>.{1,4000})' command\.?$/,
    fact: commandFact,
  },
  {
    pattern: /^User '(?<user>[^']{1,256})' executed cmd: (?<command>.{1,4000})$/,
    fact: (found) => ({ ...commandFact(found), activity: 'read' }),
  },
  {
    pattern:
      /^User '(?<user>[^']{1,256})', running '(?<service>[^']{1,64})' from IP (?<from>[^,\s]{1,64}), executed '(?<command>.{1,4000})'$/,
    fact: commandFact,
  },
  {
    pattern: /^(?:Begin|(?<from>\S{1,64}) end) configuration: (?<command>.{1,400})$/,
    fact: (found) =>
      present({
        topic: 'config',
        activity: 'configuration',
        command: found['command'],
        src: found['from'] === undefined ? undefined : host(found['from']),
      }),
  },
];

const accounts: readonly FactPattern[] = [
  { pattern: /^New user added to local dbase: Uname: (?<account>\S{1,256})/, fact: accountFact('create') },
  { pattern: /^User deleted from local dbase: Uname: (?<account>\S{1,256})/, fact: accountFact('delete') },
  {
    pattern: /^User priv level changed: Uname: (?<account>\S{1,256}) (?<reason>From: \d{1,2} To: \d{1,2})/,
    fact: accountFact('privilege changed'),
  },
  { pattern: /^User (?<account>\S{1,256}) locked out on (?<reason>exceeding .{1,200})$/, fact: accountFact('lock') },
  { pattern: /^User (?<account>\S{1,256}) unlocked by (?<user>\S{1,256})$/, fact: accountFact('unlock') },
];

/** What a message about commands and accounts of administrators says. */
export function adminFact(text: string): AsaFact | undefined {
  return firstFact([...commands, ...accounts], text);
}

const accountCommand = /^(?<no>no |clear configure )?username (?<account>\S{1,256})(?<rest> .{0,2000})?$/;

/** A command that makes, changes or removes an account is a change of that account. */
function commandFact(found: Groups): AsaFact {
  const command = found['command'] ?? '';
  const change = accountCommand.exec(command)?.groups;
  const doer = { ...user(found['user']), ...(found['from'] === undefined ? {} : { src: host(found['from']) }) };
  if (change?.['account'] !== undefined) {
    const isPassword = / password /.test(change['rest'] ?? '');
    const activity = change['no'] === undefined ? (isPassword ? 'set with password' : 'set') : 'delete';
    return present({
      topic: 'account',
      activity,
      account: change['account'],
      command,
      service: found['service'],
      ...doer,
    });
  }
  return present({ topic: 'config', activity: 'update', command, service: found['service'], ...doer });
}

function accountFact(activity: string): FactPattern['fact'] {
  return (found) =>
    present({ topic: 'account', activity, account: found['account'], reason: found['reason'], ...user(found['user']) });
}
