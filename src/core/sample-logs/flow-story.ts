import { HOUR, MINUTE, SECOND } from '#core/sample-organization/calendar.ts';
import { instanceNamed } from '#core/sample-organization/cast-instances.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import type { Detection } from '#core/sample-organization/detection.ts';
import { detectionTypes } from '#core/sample-organization/detection-types.ts';
import { activityTimes, type DetectedAction, detectedAction } from './detected-activity.ts';
import { type FlowInterface, interfaceAt } from './flow-interfaces.ts';
import { answerLine, type Flow, flowEnd, openingLine, rejectedLine } from './flow-line.ts';
import type { Line } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { clientPort } from './remote-addresses.ts';
import { bastion, sshAttempts, sshSessions } from './ssh-attempts.ts';

/** A flow record of the story with the account whose log it is in. */
export type FlowStoryLine = Line & { readonly account: string };

type Connection = Extract<DetectedAction, { readonly kind: 'connection' }>;

/** The traffic behind the findings, and that of people and intruders on the bastion. */
export function flowStory(world: LogWorld): FlowStoryLine[] {
  return [
    ...world.detections.flatMap((detection) => detectedFlows(world, detection)),
    ...signIns(world),
    ...intruderOnMiners(world),
    ...closedDoor(world),
    ...takeover(world),
  ];
}

function detectedFlows(world: LogWorld, detection: Detection): FlowStoryLine[] {
  const action = detectedAction(detection);
  if (action?.kind === 'probe') return probes(world, detection, action);
  if (action?.kind !== 'connection') return [];
  if (detection.type === detectionTypes.sshBruteForce.type) return guesses(world, detection, action);
  return connections(world, detection, action);
}

function probes(
  world: LogWorld,
  detection: Detection,
  { port, localIp, from }: Extract<DetectedAction, { readonly kind: 'probe' }>,
): FlowStoryLine[] {
  const random = world.random(`probe-flows|${detection.key}`);
  const here = interfaceAt(localIp);
  return activityTimes(world, detection).flatMap((at, index) =>
    exchange(world, {
      here,
      peer: from[index % from.length] ?? '',
      localPort: port,
      peerPort: clientPort(random),
      inbound: true,
      at,
      bytes: 180,
    }),
  );
}

function guesses(world: LogWorld, detection: Detection, { localIp, localPort }: Connection): FlowStoryLine[] {
  const here = interfaceAt(localIp);
  return sshAttempts(world, detection).flatMap(({ at, ip, port }) =>
    exchange(world, { here, peer: ip, localPort, peerPort: port, inbound: true, at, bytes: 1900 + (port % 400) }),
  );
}

const PORTS_TRIED = [8443, 8080, 80, 443, 9000, 9090, 3000, 5000, 8000, 8888, 22, 25, 110, 143, 389, 445, 636, 993];

function connections(world: LogWorld, detection: Detection, action: Connection): FlowStoryLine[] {
  const random = world.random(`connection-flows|${detection.key}`);
  const here = interfaceAt(action.localIp);
  const isFlood = detection.type === detectionTypes.denialOfService.type;
  const isScan = detection.type === detectionTypes.portscan.type;
  return activityTimes(world, detection).flatMap((at, index) => {
    const flow = {
      here,
      peer: action.remoteIp,
      // GuardDuty names the ports of one connection; it is the first.
      localPort: index === 0 || action.inbound ? action.localPort : clientPort(random),
      peerPort: isScan ? (PORTS_TRIED[index % PORTS_TRIED.length] ?? 0) : action.remotePort,
      inbound: action.inbound,
      at,
      bytes: isFlood ? random.between(9_000_000, 40_000_000) : random.between(900, 48_000),
    };
    return exchange(world, flow);
  });
}

/** People of the company on the bastion; sshd and the firewall of the office have the same sessions. */
function signIns(world: LogWorld): FlowStoryLine[] {
  const here = interfaceAt(bastion.privateIp);
  return sshSessions(world).flatMap(({ at, office, port, user }) =>
    exchange(world, {
      here,
      peer: office,
      localPort: 22,
      peerPort: port,
      inbound: true,
      at,
      bytes: 4000 + user.length * 900,
    }),
  );
}

function intruderOnMiners(world: LogWorld): FlowStoryLine[] {
  const mining = world.story.beat('leaked-key/mining');
  const intruder = remoteHost('attacker').ip;
  return ['miner-1', 'miner-2'].flatMap((name, index) =>
    [0, 3, 41].flatMap((minute) => {
      const at = mining.at - 7 * MINUTE + (minute * 60 + index * 35) * SECOND;
      const here = interfaceAt(instanceNamed(name).privateIp);
      return exchange(world, {
        here,
        peer: intruder,
        localPort: 22,
        peerPort: 51_200 + minute + index,
        inbound: true,
        at,
        bytes: 21_000,
      });
    }),
  );
}

/** The scanner of the bastion before the port was opened and after it was closed. */
function closedDoor(world: LogWorld): FlowStoryLine[] {
  const random = world.random('closed-door');
  const here = interfaceAt(bastion.privateIp);
  const peer = remoteHost('scanner-2').ip;
  const opened = world.story.beat('leaked-key/group-opened').at;
  const closed = world.story.beat('leaked-key/group-closed').until;
  const times = [
    ...Array.from({ length: 24 }, (_, index) => opened - (index + 1) * 7 * MINUTE),
    ...Array.from({ length: 180 }, (_, index) => closed + MINUTE + Math.floor((index * 4 * HOUR) / 180)),
  ];
  return times.map((at) => {
    const flow = flowOf(world, {
      here,
      peer,
      localPort: 22,
      peerPort: clientPort(random),
      inbound: true,
      at,
      bytes: 60,
    });
    return { at, account: here.account, text: rejectedLine({ ...flow, packets: 1 }) };
  });
}

/** At last a guess is right: a long session of the scanner on the demo server, hours before the flood. */
function takeover(world: LogWorld): FlowStoryLine[] {
  const flood = world.story.beat('unowned-account/flood').at;
  const here = interfaceAt(instanceNamed('hackathon-demo-1').privateIp);
  const peer = remoteHost('scanner-1').ip;
  return Array.from({ length: 25 }, (_, minute) =>
    exchange(world, {
      here,
      peer,
      localPort: 22,
      peerPort: 40_022,
      inbound: true,
      at: flood - HOUR + minute * MINUTE,
      bytes: 310_000,
    }),
  ).flat();
}

type Opening = {
  readonly here: FlowInterface;
  readonly peer: string;
  readonly localPort: number;
  readonly peerPort: number;
  readonly inbound: boolean;
  readonly at: number;
  readonly bytes: number;
};

function exchange(world: LogWorld, opening: Opening): FlowStoryLine[] {
  const flow = flowOf(world, opening);
  const answered = 200 + Math.floor(opening.bytes * 0.4);
  const base = { at: opening.at, account: opening.here.account };
  return [
    { ...base, text: openingLine(flow) },
    { ...base, text: answerLine(flow, Math.ceil(answered / 900) + 2, answered) },
  ];
}

function flowOf(world: LogWorld, opening: Opening): Flow {
  const until = flowEnd(opening.at, world.end);
  return { ...opening, protocol: 6, service: '-', packets: Math.ceil(opening.bytes / 1000) + 4, until };
}
