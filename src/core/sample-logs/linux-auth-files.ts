import { DAY, MINUTE, SECOND } from '#core/sample-organization/calendar.ts';
import type { Random } from '#core/sample-organization/random.ts';
import { lettersText } from './id-text.ts';
import { type Lane, type Line, laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { clientPort } from './remote-addresses.ts';
import { isWorkTime, rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { type SshAttempt, type SshSession, sshAttempts, sshSessions } from './ssh-attempts.ts';
import { dayStamp, syslogTime } from './time-text.ts';

/** Servers whose sshd the syslog host collects. The demo server of the hackathon is not among them: nobody owns it. */
const BASTION = 'payments-bastion';
const SERVERS = ['tokyo-jump-1', 'osaka-file-1', 'shared-gitlab-1'];

/** `secure` of the company's syslog host, a file a day, in UTC and without a year, as RFC 3164 has it. */
export function linuxAuthFiles(world: LogWorld): FileJob[] {
  const lane: Lane = {
    from: world.start,
    until: world.end,
    weight: 1,
    hoursPerFile: 24,
    rhythm: rhythms.machines,
    story: secureStory(world),
    random: world.random('linux-auth-files'),
    ordinary: () => ordinarySecure(world),
    file: ({ from, lines }) => ({
      key: `onprem/linux/secure-${dayStamp(from)}.log`,
      content: `${lines.join('\n')}\n`,
      gzip: false,
    }),
  };
  return laneJobs('linux-auth', Math.round(sampleLogTotals['linux-auth'] * world.scale), [lane]);
}

function secureStory(world: LogWorld): Line[] {
  const random = world.random('linux-auth-story');
  const guesses = world.detections
    .filter(({ target }) => target.kind === 'instance' && target.instance.name === BASTION)
    .flatMap((detection) => sshAttempts(world, detection));
  return [
    ...guesses.flatMap((attempt) => guessLines(attempt, random.between(2000, 32_000))),
    ...sshSessions(world).flatMap((session) => sessionLines(random, session, random.between(2000, 32_000))),
  ].filter(({ at }) => at < world.end);
}

function guessLines({ at, ip, port, user, isKnown }: SshAttempt, pid: number): Line[] {
  const line = (seconds: number, text: string) => sshdLine(at + seconds * SECOND, BASTION, pid, text);
  if (isKnown) {
    return [
      line(0, `Failed password for ${user} from ${ip} port ${port} ssh2`),
      line(1, `Connection closed by authenticating user ${user} ${ip} port ${port} [preauth]`),
    ];
  }
  return [
    line(0, `Invalid user ${user} from ${ip} port ${port}`),
    line(1, `Failed password for invalid user ${user} from ${ip} port ${port} ssh2`),
    line(1, `Connection closed by invalid user ${user} ${ip} port ${port} [preauth]`),
  ];
}

function sessionLines(random: Random, { at, until, user, office, port }: SshSession, pid: number): Line[] {
  return [
    sshdLine(
      at,
      BASTION,
      pid,
      `Accepted publickey for ${user} from ${office} port ${port} ssh2: ED25519 SHA256:${lettersText(random, 43)}`,
    ),
    sshdLine(at, BASTION, pid, `pam_unix(sshd:session): session opened for user ${user}(uid=1001) by (uid=0)`),
    {
      at: at + MINUTE,
      text: `${syslogTime(at + MINUTE)} ${BASTION} sudo[${pid + 9}]:   ${user} : TTY=pts/0 ; PWD=/home/${user} ; USER=root ; COMMAND=/usr/bin/journalctl -u payments`,
    },
    sshdLine(until, BASTION, pid + 4, `Received disconnect from ${office} port ${port}:11: disconnected by user`),
    sshdLine(until, BASTION, pid, `pam_unix(sshd:session): session closed for user ${user}`),
  ];
}

type OpenSession = {
  readonly server: string;
  readonly pid: number;
  readonly user: string;
  readonly ip: string;
  readonly port: number;
};

/** Sessions on the servers inside the company: each line carries an open session on, or begins one. */
function ordinarySecure(world: LogWorld): (at: number) => string {
  const random = world.random('linux-auth');
  const open: OpenSession[] = [];
  const waiting: Line[] = [];
  return (at) => {
    const next = waiting.shift();
    if (next !== undefined) return sameDay(next.at, at) ? next.text : next.text.replace(/^.{15}/, syslogTime(at));
    if (open.length > 5 || (open.length > 0 && random.chance(0.4))) {
      const [session] = open.splice(random.between(0, open.length - 1), 1);
      if (session !== undefined) return leave(session, at, waiting);
    }
    const session = arrive(random, at);
    if (random.chance(0.04)) {
      return sshdLine(
        at,
        session.server,
        session.pid,
        `Failed password for ${session.user} from ${session.ip} port ${session.port} ssh2`,
      ).text;
    }
    open.push(session);
    const uid = session.user === 'backup' ? 34 : 1004;
    waiting.push(
      lineOf(session, at, `pam_unix(sshd:session): session opened for user ${session.user}(uid=${uid}) by (uid=0)`),
    );
    const key = `ED25519 SHA256:${lettersText(random, 43)}`;
    return sshdLine(
      at,
      session.server,
      session.pid,
      `Accepted publickey for ${session.user} from ${session.ip} port ${session.port} ssh2: ${key}`,
    ).text;
  };
}

function arrive(random: Random, at: number): OpenSession {
  const isPerson = isWorkTime(at) && random.chance(0.6);
  return {
    server: random.pick(SERVERS),
    pid: random.between(2000, 32_000),
    user: isPerson ? random.pick(['h.sato', 'r.takahashi', 'm.ito', 'k.tanaka']) : random.pick(['backup', 'ansible']),
    ip: isPerson ? `192.168.10.${random.between(30, 60)}` : '192.168.10.9',
    port: clientPort(random),
  };
}

function leave(session: OpenSession, at: number, waiting: Line[]): string {
  waiting.push(lineOf(session, at, `pam_unix(sshd:session): session closed for user ${session.user}`));
  return lineOf(session, at, `Received disconnect from ${session.ip} port ${session.port}:11: disconnected by user`)
    .text;
}

function lineOf({ server, pid }: OpenSession, at: number, text: string): Line {
  return sshdLine(at, server, pid, text);
}

// A line has no year: it must not come into the file of the next one.
function sameDay(one: number, other: number): boolean {
  return Math.floor(one / DAY) === Math.floor(other / DAY);
}

function sshdLine(at: number, server: string, pid: number, text: string): Line {
  return { at, text: `${syslogTime(at)} ${server} sshd[${pid}]: ${text}` };
}
