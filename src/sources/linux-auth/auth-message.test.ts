import { describe, expect, it } from 'vitest';
import type { AuthFact } from './auth-fact.ts';
import { interpretMessage } from './auth-message.ts';

interface Case {
  readonly name: string;
  readonly app?: string;
  readonly message: string;
  readonly fact: AuthFact | undefined;
}

const cases: readonly Case[] = [
  {
    name: 'takes the last address of a failed try, because the name before it is the attacker’s',
    app: 'sshd',
    message: 'Failed none for invalid user root from 192.0.2.1 port 1 ssh2 from 203.0.113.5 port 9 ssh2',
    fact: {
      event: 'logon',
      failed: true,
      user: 'root from 192.0.2.1 port 1 ssh2',
      remote: '203.0.113.5',
      port: '9',
      method: 'none',
      detail: 'Failed for invalid user',
    },
  },
  {
    name: 'takes the first address of a known account, because a certificate’s name behind it is the attacker’s',
    app: 'sshd',
    message:
      'Failed publickey for root from 203.0.113.5 port 9 ssh2: RSA-CERT SHA256:aa ID x from 192.0.2.1 port 1 ssh2: RSA SHA256:bb (serial 0) CA RSA SHA256:cc',
    fact: {
      event: 'logon',
      failed: true,
      user: 'root',
      remote: '203.0.113.5',
      port: '9',
      method: 'publickey',
      credential: 'SHA256:aa',
      detail: 'Failed',
      others: {
        'key.type': 'RSA-CERT',
        'key.certificate': 'ID x from 192.0.2.1 port 1 ssh2: RSA SHA256:bb (serial 0) CA RSA SHA256:cc',
      },
    },
  },
  {
    name: 'does not believe a program that is not the SSH server',
    app: 'myapp',
    message: 'Accepted password for root from 192.0.2.1 port 22 ssh2',
    fact: undefined,
  },
  {
    name: 'does not look a program up among the properties of objects',
    app: 'constructor',
    message: 'Accepted password for root from 192.0.2.1 port 22 ssh2',
    fact: undefined,
  },
  {
    name: 'reads PAM’s values in their order, so that a name cannot pose as a later one',
    app: 'vsftpd',
    message:
      'pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=x rhost=198.51.100.7 user=y rhost=198.51.100.7  user=root uid=1',
    fact: {
      event: 'logon',
      failed: true,
      user: 'y rhost=198.51.100.7  user=root uid=1',
      actor: 'x',
      actorUid: '0',
      terminal: 'ftp',
      remote: '198.51.100.7',
      detail: 'authentication failure',
      service: 'vsftpd',
      others: { 'pam.module': 'pam_unix' },
    },
  },
  {
    name: 'counts what syslog says once',
    app: 'sshd',
    message: 'message repeated 5 times: [ Invalid user  from 198.51.100.7 port 40]',
    fact: {
      event: 'logon',
      failed: true,
      user: '',
      remote: '198.51.100.7',
      port: '40',
      detail: 'Invalid user',
      count: 5,
    },
  },
  {
    name: 'knows an expired account',
    app: 'sshd',
    message: 'pam_unix(sshd:account): account alice has expired (account expired)',
    fact: {
      event: 'logon',
      failed: true,
      user: 'alice',
      detail: 'account expired',
      service: 'sshd',
      others: { 'pam.module': 'pam_unix' },
    },
  },
  {
    name: 'knows the answers of an identity provider',
    app: 'sshd',
    message:
      'pam_sss(sshd:auth): authentication success; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7 user=alice',
    fact: {
      event: 'logon',
      user: 'alice',
      actorUid: '0',
      terminal: 'ssh',
      remote: '192.0.2.7',
      detail: 'authentication success',
      service: 'sshd',
      others: { 'pam.module': 'pam_sss' },
    },
  },
  {
    name: 'reads the sudo line of a user with a space in the name',
    app: 'sudo',
    message: 'EXAMPLE\\domain user : HOST=web1 ; TTY=pts/0 ; PWD=/ ; USER=root ; ENV=A=1 ; COMMAND=/bin/ls',
    fact: {
      event: 'command',
      actor: 'EXAMPLE\\domain user',
      user: 'root',
      terminal: 'pts/0',
      command: '/bin/ls',
      others: { 'sudo.HOST': 'web1', 'sudo.PWD': '/', 'sudo.ENV': 'A=1' },
    },
  },
  {
    name: 'reads the old words of su',
    app: 'su',
    message: '- pts/0 bob:root',
    fact: { event: 'logon', failed: true, user: 'root', actor: 'bob', terminal: 'pts/0', detail: 'FAILED SU' },
  },
  {
    name: 'reads a login from another host',
    app: 'login',
    message: "FAILED LOGIN (2) on '/dev/pts/3' from 'host9.example.com' FOR 'UNKNOWN', Authentication failure",
    fact: {
      event: 'logon',
      failed: true,
      user: 'UNKNOWN',
      terminal: '/dev/pts/3',
      remote: 'host9.example.com',
      detail: 'FAILED LOGIN',
      others: { 'login.tries': '2' },
    },
  },
  {
    name: 'knows a program by its path, as old cron names itself',
    app: '/USR/SBIN/CRON',
    message: '(root) CMD (/usr/local/bin/job)',
    fact: { event: 'command', user: 'root', actor: 'root', command: '/usr/local/bin/job', detail: 'CMD' },
  },
  {
    name: 'leaves a message alone that no such program writes',
    app: 'sudo',
    message: 'x'.repeat(40_000),
    fact: undefined,
  },
];

describe('interpretMessage', () => {
  it.each(cases)('$name', ({ app, message, fact }) => {
    expect(interpretMessage(app, message)).toEqual(fact);
  });

  it.each([
    ['sshd', `Failed password for invalid user ${' from x port 1'.repeat(2300)}`],
    ['sshd', `Failed password for ${' from x port 1 ssh2'.repeat(1700)}`],
    ['sshd', `PAM 2 more authentication failures; ${'logname= uid=0 euid=0 tty= ruser= rhost= '.repeat(780)}`],
    ['sudo', `${'a : '.repeat(8000)}`],
    ['useradd', `new user: name=${', a=b'.repeat(6000)}`],
    ['gpasswd', `user ${'added by to group '.repeat(1800)}`],
    ['x', `pam_unix(x:session): session opened for user ${'(uid=0) by '.repeat(2900)}`],
    ['login', `FAILED LOGIN 1 FROM tty1 FOR ${"', ".repeat(10_000)}`],
  ])('reads a hostile message of %s in time', (app, message) => {
    const before = process.cpuUsage();

    for (let round = 0; round < 20; round += 1) interpretMessage(app, message);

    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});
