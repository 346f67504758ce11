import { HOUR, MINUTE } from '#core/sample-organization/calendar.ts';
import { remoteHost } from '#core/sample-organization/cast-network.ts';
import type { Random } from '#core/sample-organization/random.ts';
import { type Lane, type Line, laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { clientPort, endpoints, probers } from './remote-addresses.ts';
import { isWorkTime, rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { bastion, sshSessions } from './ssh-attempts.ts';
import { dayStamp } from './time-text.ts';

type Device = {
  readonly name: string;
  readonly serial: string;
  readonly ip: string;
  readonly lan: string;
  readonly weight: number;
};

const DEVICES: readonly Device[] = [
  { name: 'fgt-tokyo-1', serial: 'FGT60FEXAMPLE001', ip: remoteHost('office-tokyo').ip, lan: '192.168.10.', weight: 3 },
  { name: 'fgt-osaka-1', serial: 'FGT60FEXAMPLE002', ip: remoteHost('office-osaka').ip, lan: '192.168.20.', weight: 1 },
];

const NOTICE = 189;
const WARNING = 188;
const TOKYO_OFFSET = 9 * HOUR;

/** Syslog of the firewalls of both offices, a file a day. */
export function fortigateFiles(world: LogWorld): FileJob[] {
  const lanes = DEVICES.map(
    (device): Lane => ({
      from: world.start,
      until: world.end,
      weight: device.weight,
      hoursPerFile: 24,
      rhythm: rhythms.office,
      story: device.name === 'fgt-tokyo-1' ? tokyoStory(world, device) : [],
      random: world.random(`fortigate-files|${device.name}`),
      ordinary: () => ordinaryLines(world, device),
      file: ({ from, lines }) => ({
        key: `onprem/fortigate/${device.name}-${dayStamp(from)}.log`,
        content: `${lines.join('\n')}\n`,
        gzip: false,
      }),
    }),
  );
  return laneJobs('fortigate', Math.round(sampleLogTotals.fortigate * world.scale), lanes);
}

/** The office's side of the story: the push of the key, sessions on the bastion, the responder's VPN. */
function tokyoStory(world: LogWorld, device: Device): Line[] {
  const random = world.random('fortigate-story');
  const leaked = world.story.beat('leaked-key/leaked').at;
  const home = remoteHost('home-tokyo').ip;
  const called = world.story.beat('leaked-key/keys-disabled').at - 6 * MINUTE;
  const sessions = sshSessions(world).map((session): Line => {
    const client = { user: session.user, srcip: session.desk, srcport: session.port };
    const seconds = Math.floor((session.until - session.at) / 1000);
    const sizes = { duration: seconds, sentbyte: 4000 + seconds * 9, rcvdbyte: 9000 + seconds * 40 };
    return {
      at: session.until,
      text: trafficLine(random, device, session.until, {
        ...client,
        ...sizes,
        dstip: bastion.publicIp ?? '',
        dstport: 22,
        service: 'SSH',
        action: 'close',
      }),
    };
  });
  const push = utmLine(random, device, leaked, {
    user: 'h.sato',
    srcip: '192.168.10.31',
    dstip: endpoints.partners[0],
    hostname: 'git.example.org',
    url: '/h-sato/payments-tools.git/git-receive-pack',
    catdesc: 'Information Technology',
    action: 'passthrough',
  });
  const vpn = eventLine(
    device,
    called,
    NOTICE,
    `logid="0101039424" type="event" subtype="vpn" level="information" vd="root" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-tunnel" tunnelid=1204119 remip=${home} tunnelip=192.168.99.12 user="k.suzuki" group="vpn-responders" dst_host="N/A" reason="tunnel established" msg="SSL tunnel established"`,
  );
  return [...sessions, { at: leaked, text: push }, { at: called, text: vpn }];
}

const SITES = ['www.example.com', 'mail.example.com', 'docs.example.org', 'news.example.net', 'video.example.net'];

function ordinaryLines(world: LogWorld, device: Device): (at: number) => string {
  const random = world.random(`fortigate|${device.name}`);
  return (at) => {
    const turn = random.next();
    if (turn < 0.22 || !isWorkTime(at))
      return turn < 0.5 ? deniedLine(random, device, at) : programLine(random, device, at);
    if (turn < 0.24) return signInLine(random, device, at);
    const desk = {
      user: random.pick(['h.sato', 'r.takahashi', 'm.ito', 'k.tanaka', 'k.suzuki']),
      srcip: `${device.lan}${random.between(30, 60)}`,
    };
    if (turn < 0.4) {
      const isBlocked = random.chance(0.06);
      return utmLine(random, device, at, {
        ...desk,
        dstip: random.pick(endpoints.partners),
        hostname: isBlocked ? 'games.example.net' : random.pick(SITES),
        url: '/',
        catdesc: isBlocked ? 'Games' : 'Business',
        action: isBlocked ? 'blocked' : 'passthrough',
      });
    }
    const sizes = {
      duration: random.between(1, 240),
      sentbyte: random.between(400, 90_000),
      rcvdbyte: random.between(900, 2_000_000),
    };
    const service = random.chance(0.9)
      ? ({ service: 'HTTPS', dstport: 443 } as const)
      : ({ service: 'DNS', dstport: 53 } as const);
    const dstip = random.pick([...endpoints.amazon, ...endpoints.partners, ...endpoints.packages]);
    return trafficLine(random, device, at, {
      ...desk,
      ...sizes,
      ...service,
      srcport: clientPort(random),
      dstip,
      action: random.chance(0.9) ? 'close' : 'client-rst',
    });
  };
}

type Traffic = {
  readonly user: string;
  readonly srcip: string;
  readonly srcport: number;
  readonly dstip: string;
  readonly dstport: number;
  readonly service: string;
  readonly action: string;
  readonly duration: number;
  readonly sentbyte: number;
  readonly rcvdbyte: number;
};

function trafficLine(random: Random, device: Device, at: number, traffic: Traffic): string {
  const { sentbyte, rcvdbyte, dstport } = traffic;
  const ends = `srcip=${traffic.srcip} srcport=${traffic.srcport} srcintf="internal" srcintfrole="lan" dstip=${traffic.dstip} dstport=${dstport} dstintf="wan1" dstintfrole="wan"`;
  const proto = dstport === 53 ? 17 : 6;
  const way = `sessionid=${random.between(100_000, 9_999_999)} proto=${proto} action="${traffic.action}" policyid=3 policytype="policy" policyname="office-out" user="${traffic.user}" service="${traffic.service}" dstcountry="Reserved" srccountry="Reserved" trandisp="snat" transip=${device.ip} transport=${traffic.srcport}`;
  const sizes = `duration=${traffic.duration} sentbyte=${sentbyte} rcvdbyte=${rcvdbyte} sentpkt=${Math.ceil(sentbyte / 600)} rcvdpkt=${Math.ceil(rcvdbyte / 1100)} appcat="unscanned"`;
  return eventLine(
    device,
    at,
    NOTICE,
    `logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" ${ends} ${way} ${sizes}`,
  );
}

/** Programs inside that never sleep. */
function programLine(random: Random, device: Device, at: number): string {
  const sizes = { duration: 60, sentbyte: random.between(200, 3000), rcvdbyte: random.between(200, 9000) };
  const ends = {
    srcip: `${device.lan}9`,
    srcport: clientPort(random),
    dstip: random.pick(endpoints.amazon),
    dstport: 443,
  };
  return trafficLine(random, device, at, {
    user: 'svc-backup-agent',
    ...ends,
    ...sizes,
    service: 'HTTPS',
    action: 'close',
  });
}

/** Somebody on the internet tries a port of the office. */
function deniedLine(random: Random, device: Device, at: number): string {
  const ends = `srcip=${random.pick(probers)} srcport=${clientPort(random)} srcintf="wan1" srcintfrole="wan" dstip=${device.ip} dstport=${random.pick([22, 23, 445, 3389, 8443])} dstintf="root" dstintfrole="undefined"`;
  return eventLine(
    device,
    at,
    NOTICE,
    `logid="0001000014" type="traffic" subtype="local" level="notice" vd="root" ${ends} sessionid=${random.between(100_000, 9_999_999)} proto=6 action="deny" policyid=0 policytype="local-in-policy" service="tcp" dstcountry="Japan" srccountry="Reserved" trandisp="noop" app="tcp" duration=0 sentbyte=0 rcvdbyte=0 sentpkt=0 rcvdpkt=0 appcat="unscanned" crscore=5 craction=262144 crlevel="low"`,
  );
}

function signInLine(random: Random, device: Device, at: number): string {
  const isFine = random.chance(0.85);
  const status = isFine ? 'success' : 'failed';
  const said = isFine ? 'Administrator m.ito logged in successfully' : 'Administrator admin login failed';
  return eventLine(
    device,
    at,
    NOTICE,
    `logid="${isFine ? '0100032001' : '0100032002'}" type="event" subtype="system" level="${isFine ? 'information' : 'alert'}" vd="root" logdesc="${isFine ? 'Admin login successful' : 'Admin login failed'}" user="${isFine ? 'm.ito' : 'admin'}" ui="https(${device.lan}42)" method="https" srcip=${device.lan}42 dstip=${device.lan}1 action="login" status="${status}" reason="${isFine ? 'none' : 'name_invalid'}" msg="${said} from https(${device.lan}42)"`,
  );
}

type Visit = {
  readonly user: string;
  readonly srcip: string;
  readonly dstip: string;
  readonly hostname: string;
  readonly url: string;
  readonly catdesc: string;
  readonly action: 'passthrough' | 'blocked';
};

function utmLine(random: Random, device: Device, at: number, visit: Visit): string {
  const isBlocked = visit.action === 'blocked';
  const kind = isBlocked
    ? 'logid="0316013056" type="utm" subtype="webfilter" eventtype="ftgd_blk" level="warning"'
    : 'logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice"';
  const ends = `srcip=${visit.srcip} srcport=${clientPort(random)} srcintf="internal" srcintfrole="lan" dstip=${visit.dstip} dstport=443 dstintf="wan1" dstintfrole="wan"`;
  return eventLine(
    device,
    at,
    isBlocked ? WARNING : NOTICE,
    `${kind} vd="root" policyid=3 sessionid=${random.between(100_000, 9_999_999)} user="${visit.user}" ${ends} proto=6 service="HTTPS" hostname="${visit.hostname}" profile="office" action="${visit.action}" reqtype="direct" url="https://${visit.hostname}${visit.url}" sentbyte=${random.between(300, 3000)} rcvdbyte=${isBlocked ? 0 : random.between(300, 90_000)} direction="outgoing" msg="URL belongs to ${isBlocked ? 'a denied' : 'an allowed'} category in policy" method="domain" cat=${isBlocked ? 20 : 52} catdesc="${visit.catdesc}"`,
  );
}

/** Date and time are those of Tokyo; `eventtime` is in nanoseconds since 1970. */
function eventLine(device: Device, at: number, priority: number, text: string): string {
  const local = new Date(at + TOKYO_OFFSET).toISOString();
  return `<${priority}>date=${local.slice(0, 10)} time=${local.slice(11, 19)} devname="${device.name}" devid="${device.serial}" eventtime=${at}000000 tz="+0900" ${text}`;
}
