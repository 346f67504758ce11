import { DAY, MINUTE, SECOND } from '#core/sample-organization/calendar.ts';
import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import type { Detection } from '#core/sample-organization/detection.ts';
import { detectionTypes } from '#core/sample-organization/detection-types.ts';
import { activityTimes, detectedAction } from './detected-activity.ts';
import type { LogWorld } from './log-world.ts';
import { clientPort } from './remote-addresses.ts';
import { isWorkTime } from './rhythm.ts';

/** One try to guess a password. */
export type SshAttempt = {
  readonly at: number;
  readonly ip: string;
  readonly port: number;
  readonly user: string;
  /** Whether the server knows the user. */
  readonly isKnown: boolean;
};

/** One session of somebody of the company on the bastion. */
export type SshSession = {
  readonly at: number;
  readonly until: number;
  readonly user: string;
  /** The desk it comes from, in the office. */
  readonly desk: string;
  readonly office: string;
  readonly port: number;
};

const GUESSED = [
  'root',
  'admin',
  'ubuntu',
  'ec2-user',
  'oracle',
  'postgres',
  'test',
  'git',
  'deploy',
  'user',
  'pi',
  'ftpuser',
  'hadoop',
  'jenkins',
];
const KNOWN: ReadonlySet<string> = new Set(['root', 'ec2-user']);

/** The guesses that a finding about SSH brute force counts. */
export function sshAttempts(world: LogWorld, detection: Detection): SshAttempt[] {
  const action = detectedAction(detection);
  if (detection.type !== detectionTypes.sshBruteForce.type || action?.kind !== 'connection') return [];
  const random = world.random(`ssh-attempts|${detection.key}`);
  return activityTimes(world, detection).map((at, index) => {
    const user = random.pick(GUESSED);
    // GuardDuty names the port of one connection; it is the first.
    const port = index === 0 ? action.remotePort : clientPort(random);
    return { at, ip: action.remoteIp, port, user, isKnown: KNOWN.has(user) };
  });
}

/** Who of the company worked on the bastion, from the office, on working days. */
export function sshSessions(world: LogWorld): SshSession[] {
  const random = world.random('ssh-sessions');
  const office = remoteHost('office-tokyo').ip;
  const sessions: SshSession[] = [];
  for (let day = world.start; day < world.end; day += DAY) {
    for (let number = random.between(6, 12); number > 0; number -= 1) {
      const user = random.pick(['h.sato', 'h.sato', 'm.ito']);
      const at = day + random.between(0, DAY / SECOND - 1) * SECOND;
      const until = at + random.between(2, 70) * MINUTE;
      const session = {
        at,
        until,
        user,
        office,
        port: clientPort(random),
        desk: user === 'h.sato' ? '192.168.10.31' : '192.168.10.42',
      };
      if (isWorkTime(at) && until < world.end) sessions.push(session);
    }
  }
  return sessions.sort((a, b) => a.at - b.at);
}

export const bastion = instanceNamed('payments-bastion');
