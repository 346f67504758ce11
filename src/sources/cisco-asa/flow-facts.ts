import {
  type AsaFact,
  endOf,
  endPattern,
  type FactPattern,
  firstFact,
  type Groups,
  host,
  hostAndPort,
  present,
  secondsOf,
  user,
} from './asa-fact.ts';

type Form = 'with interface' | 'without interface';

const src = endPattern('src');
const dst = endPattern('dst');
const TAIL_USER = '(?: \\((?<user>[^()]{1,256})\\))?';
const FLAGS = 'flags (?<flags>[A-Z ]{0,60}?) {1,2}on interface (?<interface>\\S{1,128})';

const denied: readonly FactPattern[] = [
  pattern(`^Inbound (?<protocol>TCP) connection denied from ${src} to ${dst} ${FLAGS}`, refusedBare),
  pattern(`^Deny inbound (?<protocol>UDP) from ${src} to ${dst} on interface (?<interface>\\S{1,128})`, refusedBare),
  pattern(`^Deny inbound (?<protocol>UDP) from ${src} to ${dst} due to (?<reason>.{1,100})$`, refusedBare),
  pattern(`^Deny (?<protocol>TCP) \\((?<reason>no connection)\\) from ${src} to ${dst} ${FLAGS}`, refusedBare),
  pattern(
    `^Deny (?<protocol>IP) (?<reason>spoof) from \\((?<src>[^\\s()]{1,400})\\) to ${dst} on interface (?<interface>\\S{1,128})`,
    refusedBare,
  ),
  pattern(`^Deny (?<protocol>IP) due to (?<reason>Land Attack) from ${src} to ${dst}`, refusedBare),
  pattern(
    `^Deny (?<protocol>(?:protocol )?\\S{1,40}) (?<reason>reverse path check|connection spoof) from ${src} to ${dst} on interface (?<interface>\\S{1,128})`,
    refusedBare,
  ),
  pattern(
    `^Deny (?:inbound )?(?<protocol>(?:protocol )?\\S{1,40}) src ${src} dst ${dst}(?: ?\\(?type (?<type>\\d{1,3}), code (?<code>\\d{1,3})\\)?,?)?(?: by access-group "(?<rule>[^"]{1,256})")?`,
    refused,
  ),
  pattern(
    `^No matching connection for (?<protocol>ICMP) error message: icmp src ${src} dst ${dst} \\(type (?<type>\\d{1,3}), code (?<code>\\d{1,3})\\) on`,
    refused,
  ),
  pattern(
    `^Denied (?<protocol>(?:IPv6-)?ICMP) type=(?<type>\\d{1,3}), code=(?<code>\\d{1,3}) from (?<src>[^\\s()]{1,400}) on interface (?<interface>\\S{1,128})`,
    refusedBare,
  ),
  pattern(
    `^Denied (?<protocol>ICMP) type=(?<type>\\d{1,3}), from laddr (?<src>[^\\s()]{1,400}) on interface (?<interface>\\S{1,128}) to (?<dst>[^\\s():]{1,45}|[0-9A-Fa-f:.]{2,45}?): (?<reason>.{1,100})$`,
    refusedBare,
  ),
  pattern(
    `^(?<protocol>TCP|UDP|\\S{1,20}) (?:access denied by ACL|request discarded) from (?<src>[^\\s()]{1,400}) to (?<dst>[^\\s()]{1,400})`,
    (found) => refusedTo(found),
  ),
];

const allowed: readonly FactPattern[] = [
  pattern(
    `^(?<protocol>TCP|UDP|\\S{1,20}) access (?<verb>permitted|requested) from (?<src>[^\\s()]{1,400}) to (?<dst>[^\\s()]{1,400})`,
    (found) =>
      present({
        topic: 'flow',
        activity: found['verb'] === 'permitted' ? 'open' : 'access requested',
        protocol: found['protocol'],
        src: endOf(found, 'src', 'without interface'),
        dst: endOf(found, 'dst', 'with interface'),
      }),
  ),
];

const accessList = new RegExp(
  '^access-list (?<rule>\\S{1,256}) (?<verb>permitted|denied|est-allowed) (?<protocol>\\S{1,40}) ' +
    "(?:for user '?(?<user>[^' ]{1,256})'? )?" +
    '(?<srcInterface>[^\\s/]{1,128})/(?<srcHost>[^\\s()]{1,255})\\((?<srcPort>\\d{1,5})\\)(?:\\((?<srcNote>[^()]{0,400})\\))? -> ' +
    '(?<dstInterface>[^\\s/]{1,128})/(?<dstHost>[^\\s()]{1,255})\\((?<dstPort>\\d{1,5})\\)(?:\\((?<dstNote>[^()]{0,400})\\))? ' +
    'hit-cnt (?<count>\\d{1,9})',
);

/** What a message about a packet that an access list or a check let through or refused says. */
export function accessFact(text: string): AsaFact | undefined {
  const found = accessList.exec(text)?.groups;
  return found === undefined ? firstFact([...denied, ...allowed], text) : accessListFact(found);
}

function accessListFact(found: Groups): AsaFact {
  const isDenied = found['verb'] === 'denied';
  return present({
    topic: 'flow',
    activity: isDenied ? 'refuse' : 'traffic',
    denied: isDenied,
    protocol: found['protocol'],
    src: accessListEnd(found, 'src'),
    dst: accessListEnd(found, 'dst'),
    rule: found['rule'],
    count: found['count'],
    ...user(found['user']),
  });
}

function accessListEnd(found: Groups, name: string): ReturnType<typeof endOf> {
  const text = `${found[`${name}Interface`]}:${found[`${name}Host`]}/${found[`${name}Port`]}`;
  return endOf({ [name]: text, [`${name}Note`]: found[`${name}Note`] }, name, 'with interface');
}

function refused(found: Groups): AsaFact {
  return refusedWith(found, 'with interface');
}

function refusedBare(found: Groups): AsaFact {
  return refusedWith(found, 'without interface');
}

/** Where the other end is not named, it is the interface that the packet came to. */
function refusedWith(found: Groups, form: Form): AsaFact {
  const from = endOf(found, 'src', form);
  const { interface: at } = found;
  return present({
    topic: 'flow',
    activity: 'refuse',
    denied: true,
    protocol: found['protocol']?.replace(/^protocol /, ''),
    src: at === undefined ? from : { ...from, interface: at },
    dst: found['dst'] === undefined ? { interface: at ?? 'unknown' } : endOf(found, 'dst', form),
    rule: found['rule'],
    reason: found['reason'],
  });
}

function refusedTo(found: Groups): AsaFact {
  return present({
    topic: 'flow',
    activity: 'refuse',
    denied: true,
    protocol: found['protocol'],
    src: endOf(found, 'src', 'without interface'),
    dst: endOf(found, 'dst', found['dst']?.includes(':') === true ? 'with interface' : 'without interface'),
  });
}

const built = new RegExp(
  `^Built (?<direction>inbound|outbound|director|backup|forwarder)? {0,2}(?:stub )?(?<protocol>TCP|UDP|ICMP|GRE|SCTP)(?: state-bypass)? connection (?:(?<connection>\\d{1,20}) )?(?:for|from) ${src} to ${dst}${TAIL_USER}`,
);
const teardown = new RegExp(
  `^Teardown (?:stub )?(?<protocol>TCP|UDP|ICMP|GRE|SCTP)(?: state-bypass)? connection (?:(?<connection>\\d{1,20}) )?(?:for|from) ${src}(?: (?<srcUser>[^\\s():]{1,256}))? to ${dst}(?: (?<dstUser>[^\\s():]{1,256}))? duration (?<duration>[0-9:hms]{5,20})(?: (?:forwarded )?bytes (?<bytes>\\d{1,15}))?(?: (?<reason>[^()]{1,120}?))?${TAIL_USER} ?$`,
);
const icmp = new RegExp(
  `^(?<verb>Built|Teardown) (?:(?<direction>inbound|outbound) )?ICMP connection for faddr ${endPattern('faddr')} gaddr (?<gaddr>[^\\s()]{1,400}) laddr ${endPattern('laddr')}(?: type (?<type>\\d{1,3}) code (?<code>\\d{1,3}))?`,
);

/** What a message about the beginning or end of a connection says; for an end, `opened` tells which way it began. */
export function connectionFact(text: string, opened: (connection: string) => string | undefined): AsaFact | undefined {
  const begun = built.exec(text)?.groups;
  if (begun !== undefined) return builtFact(begun);
  const ended = teardown.exec(text)?.groups;
  if (ended !== undefined) return teardownFact(ended, opened);
  const ping = icmp.exec(text)?.groups;
  return ping === undefined ? undefined : icmpFact(ping);
}

/** The first end is that of the less secure side: whose connection it is depends on the direction. */
function ends(found: Groups, direction: string | undefined): Pick<AsaFact, 'src' | 'dst'> {
  const first = endOf(found, 'src', 'with interface');
  const second = endOf(found, 'dst', 'with interface');
  return direction === 'outbound' ? { src: second, dst: first } : { src: first, dst: second };
}

function directionOf(text: string | undefined): AsaFact['direction'] {
  return text === 'inbound' || text === 'outbound' ? text : undefined;
}

function builtFact(found: Groups): AsaFact {
  return present({
    topic: 'flow',
    activity: 'open',
    protocol: found['protocol'],
    direction: directionOf(found['direction']),
    connection: found['connection'],
    ...ends(found, found['direction']),
    ...user(found['user']),
  });
}

function teardownFact(found: Groups, opened: (connection: string) => string | undefined): AsaFact {
  const direction = directionOf(opened(found['connection'] ?? ''));
  const reason = found['reason']?.trim();
  return present({
    topic: 'flow',
    activity: /^TCP Reset/i.test(reason ?? '') ? 'reset' : /^SYN Timeout/i.test(reason ?? '') ? 'fail' : 'close',
    protocol: found['protocol'],
    direction,
    connection: found['connection'],
    ...ends(found, direction),
    seconds: secondsOf(found['duration']),
    bytes: found['bytes'],
    reason,
    ...user(found['user']),
  });
}

/** The numbers behind ICMP's addresses are no ports. */
function icmpFact(found: Groups): AsaFact {
  const foreign = withoutPort(endOf(found, 'faddr', 'without interface'));
  const inner = withoutPort(endOf(found, 'laddr', 'without interface'));
  const global = hostAndPort(found['gaddr'] ?? '').ip;
  const local = global === undefined || global === inner.ip ? inner : { ...inner, mapped: global };
  const isOutbound = found['direction'] === 'outbound';
  return present({
    topic: 'flow',
    activity: found['verb'] === 'Built' ? 'open' : 'close',
    protocol: 'ICMP',
    direction: directionOf(found['direction']),
    src: isOutbound ? local : foreign,
    dst: isOutbound ? foreign : local,
  });
}

function withoutPort({ port: _, ...end }: ReturnType<typeof endOf>): ReturnType<typeof endOf> {
  return end;
}

const translation = new RegExp(
  `^(?<verb>Built|Teardown) (?<kind>dynamic|static|portmap) (?<protocol>TCP|UDP|ICMP|\\S{1,20}) translation from ${src} to ${dst}(?: duration (?<duration>[0-9:]{5,20}))?`,
);
const localHost =
  /^(?<verb>Built|Teardown) local-host (?<interface>[^\s:]{1,128}):(?<host>\S{1,255})(?: duration (?<duration>[0-9:]{5,20}))?/;
const transfer = new RegExp(
  `^FTP connection from ${src} to ${dst}, user (?<user>.{0,256}?) (?<verb>Stored|Retrieved) file (?<file>.{1,1000})$`,
);
const securityAssociation =
  /^IPSEC: An (?<direction>inbound|outbound) (?<kind>[A-Za-z -]{1,40}) SA \(SPI= ?(?<spi>\w{1,20})\) between (?<src>\S{1,255}) and (?<dst>\S{1,255}) \(user= ?(?<user>[^)]{0,256})\) has been (?<verb>created|deleted)/;

/** What other messages about hosts and their traffic say. */
export function otherFlowFact(text: string): AsaFact | undefined {
  const translated = translation.exec(text)?.groups;
  if (translated !== undefined) return translationFact(translated);
  const known = localHost.exec(text)?.groups;
  if (known !== undefined) return localHostFact(known);
  const ftp = transfer.exec(text)?.groups;
  if (ftp !== undefined) {
    const { src: from, dst: to } = ends(ftp, undefined);
    return present({
      topic: 'flow',
      activity: 'traffic',
      protocol: 'TCP',
      src: from,
      dst: to,
      app: 'FTP',
      file: ftp['file'],
      ...user(ftp['user']),
    });
  }
  const tunnel = securityAssociation.exec(text)?.groups;
  if (tunnel === undefined) return undefined;
  return present({
    topic: 'flow',
    activity: tunnel['verb'] === 'created' ? 'open' : 'close',
    protocol: 'ESP',
    direction: directionOf(tunnel['direction']),
    connection: tunnel['spi'],
    src: host(tunnel['src'] ?? ''),
    dst: host(tunnel['dst'] ?? ''),
    ...user(tunnel['user']),
  });
}

function translationFact(found: Groups): AsaFact {
  return present({
    topic: 'flow',
    activity: found['verb'] === 'Built' ? 'translation built' : 'translation torn down',
    protocol: found['protocol'],
    ...ends(found, undefined),
    seconds: secondsOf(found['duration']),
  });
}

function localHostFact(found: Groups): AsaFact {
  const { interface: at } = found;
  return present({
    topic: 'flow',
    activity: found['verb'] === 'Built' ? 'local host built' : 'local host torn down',
    src: { ...host(found['host'] ?? ''), ...(at === undefined ? {} : { interface: at }) },
    dst: { interface: at ?? 'unknown' },
    seconds: secondsOf(found['duration']),
  });
}

function pattern(source: string, fact: FactPattern['fact']): FactPattern {
  return { pattern: new RegExp(source), fact };
}
