import { MINUTE } from '#core/sample-organization/calendar.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import type { Random } from '#core/sample-organization/random.ts';
import { type FlowInterface, interfaces } from './flow-interfaces.ts';
import { answerLine, type Flow, flowEnd, noDataLine, openingLine, rejectedLine } from './flow-line.ts';
import type { LogWorld } from './log-world.ts';
import { clientPort, customers, endpoints, probers } from './remote-addresses.ts';

/** Something that an interface does again and again. */
type Habit = {
  readonly weight: number;
  readonly here: FlowInterface;
  readonly peers: readonly string[];
  /** Where traffic that goes through a NAT gateway ends. */
  readonly beyond?: readonly string[];
  readonly port: number;
  readonly inbound: boolean;
  readonly protocol?: 17;
  readonly service?: string;
  readonly most: number;
};

const offices = [remoteHost('office-tokyo').ip, remoteHost('office-osaka').ip];
const PROBED = [22, 23, 25, 80, 443, 445, 1433, 2375, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27_017];
const NO_DATA = 0.05;
const REJECTED = 0.16;

/** Writes the flow records of an ordinary day in an account's network, one a call. */
export function ordinaryFlows(world: LogWorld, account: string): (at: number) => string {
  const random = world.random(`flows|${account}`);
  // The miners run for minutes only, and all of it is story.
  const local = interfaces.filter((one) => one.account === account && !one.name.startsWith('miner'));
  const open = local.filter(({ isPublic, kind }) => isPublic && kind !== 'nat-gateway');
  const table = spread(local.flatMap((one) => habitsOf(one, local)));
  const isOpened = openedBastion(world);
  let answer: Flow | null = null;
  return (at) => {
    const until = flowEnd(at, world.end);
    if (answer !== null) {
      const flow = answer;
      answer = null;
      const bytes = Math.floor(flow.bytes * (0.3 + random.next() * 6)) + 40;
      return answerLine(flow, Math.ceil(bytes / 1100), bytes);
    }
    const turn = random.next();
    if (turn < NO_DATA) return noDataLine(random.pick(local), at, until);
    if (turn < NO_DATA + REJECTED && open.length > 0) {
      return rejectedLine(probe(random.pick(open), random, at, until, isOpened));
    }
    answer = flowOf(random.pick(table), random, at, until);
    return openingLine(answer);
  };
}

function flowOf(habit: Habit, random: Random, at: number, until: number): Flow {
  const bytes = 120 + Math.floor(random.next() * random.next() * habit.most);
  const client = clientPort(random);
  const index = Math.floor(random.next() * habit.peers.length);
  const beyond = habit.beyond?.[index];
  return {
    here: habit.here,
    peer: habit.peers[index] ?? '',
    ...(beyond === undefined ? {} : { beyond }),
    localPort: habit.inbound ? habit.port : client,
    peerPort: habit.inbound ? client : habit.port,
    inbound: habit.inbound,
    protocol: habit.protocol ?? 6,
    service: habit.service ?? '-',
    packets: Math.ceil(bytes / 900) + 3,
    bytes,
    at,
    until,
  };
}

function probe(
  here: FlowInterface,
  random: Random,
  at: number,
  until: number,
  isOpened: (here: FlowInterface, at: number) => boolean,
): Flow {
  const wanted = random.pick(PROBED);
  const mayEnter = here.kind === 'load-balancer' ? wanted === 443 || wanted === 80 : admits(here, wanted);
  const isNews = (wanted === 22 || wanted === 3389) && isOpened(here, at);
  const port = mayEnter || isNews ? 8081 : wanted;
  const base = { service: '-', inbound: true, protocol: 6, packets: 1, bytes: 40 } as const;
  return { ...base, here, peer: random.pick(probers), localPort: port, peerPort: clientPort(random), at, until };
}

function admits({ securityGroup }: FlowInterface, port: number): boolean {
  return (
    securityGroup?.ingress.some((rule) => rule.source === '0.0.0.0/0' && rule.from <= port && port <= rule.to) ?? false
  );
}

/** Whether the intruder has opened the group of an interface to everybody at that moment. */
function openedBastion({ story }: LogWorld): (here: FlowInterface, at: number) => boolean {
  const opened = story.beat('leaked-key/group-opened');
  const closed = story.beat('leaked-key/group-closed');
  return ({ securityGroup }, at) =>
    securityGroup?.key === 'sg/payments-bastion' && at > opened.at - 2 * MINUTE && at < closed.until + 2 * MINUTE;
}

function habitsOf(here: FlowInterface, local: readonly FlowInterface[]): Habit[] {
  switch (here.kind) {
    case 'load-balancer':
      return [
        { weight: 14, here, peers: customers, port: 443, inbound: true, most: 9000 },
        { weight: 3, here, peers: customers, port: 80, inbound: true, most: 900 },
        { weight: 14, here, peers: serversOf(local), port: 8443, inbound: false, most: 8000 },
      ];
    case 'nat-gateway':
      return ofGateway(here, local);
    case 'database':
      return [{ weight: 5, here, peers: serversOf(local), port: 5432, inbound: true, most: 14_000 }];
    case 'instance':
      return ofInstance(here, local);
  }
}

function ofGateway(here: FlowInterface, local: readonly FlowInterface[]): Habit[] {
  const inside = local.filter(({ isPublic, kind }) => !isPublic && kind === 'instance').map(({ ip }) => ip);
  const outbound = { here, peers: [...endpoints.amazon], port: 443, inbound: false, most: 20_000, service: 'AMAZON' };
  if (inside.length === 0) return [{ ...outbound, weight: 2 }];
  // A private instance talks to the gateway; the packet is for somebody outside.
  const beyond = inside.map((_, index) => endpoints.partners[index % endpoints.partners.length] ?? '');
  return [
    { ...outbound, weight: 4 },
    { weight: 3, here, peers: inside, beyond, port: 443, inbound: true, most: 12_000 },
  ];
}

function ofInstance(here: FlowInterface, local: readonly FlowInterface[]): Habit[] {
  const databases = local.filter(({ kind }) => kind === 'database').map(({ ip }) => ip);
  const out = { here, inbound: false } as const;
  const habits: Habit[] = [
    { ...out, weight: 5, peers: endpoints.s3, port: 443, service: 'S3', most: 90_000 },
    { ...out, weight: 2, peers: endpoints.dynamodb, port: 443, service: 'DYNAMODB', most: 6000 },
    { ...out, weight: 4, peers: endpoints.amazon, port: 443, service: 'AMAZON', most: 12_000 },
    { ...out, weight: 1, peers: endpoints.packages, port: 443, most: 400_000 },
    { ...out, weight: 1, peers: ['169.254.169.123'], port: 123, protocol: 17, most: 80 },
  ];
  if (databases.length > 0) habits.push({ ...out, weight: 6, peers: databases, port: 5432, most: 9000 });
  for (const rule of here.securityGroup?.ingress ?? []) {
    const peers = peersOf(rule.source, here, local);
    // Sign-ins by SSH have lines of sshd as well, so they are told and never made up here.
    if (rule.from !== 22 && peers.length > 0)
      habits.push({ weight: 6, here, peers, port: rule.from, inbound: true, most: 8000 });
  }
  return habits;
}

function peersOf(source: string, here: FlowInterface, local: readonly FlowInterface[]): readonly string[] {
  if (source === '192.0.2.0/24') return offices;
  return source === '0.0.0.0/0' && here.isPublic ? customers : neighbours(here, local);
}

function neighbours(here: FlowInterface, local: readonly FlowInterface[]): string[] {
  return local
    .filter(({ kind, ip }) => (kind === 'load-balancer' || kind === 'instance') && ip !== here.ip)
    .map(({ ip }) => ip);
}

function serversOf(local: readonly FlowInterface[]): string[] {
  return local.filter(({ kind, name }) => kind === 'instance' && !/bastion|proxy/.test(name)).map(({ ip }) => ip);
}

/** Each habit as often as it weighs, so that one draw finds it. */
function spread(habits: readonly Habit[]): Habit[] {
  return habits.flatMap((habit) => Array.from({ length: habit.peers.length === 0 ? 0 : habit.weight }, () => habit));
}
