import {
  type AsaFact,
  endOf,
  endPattern,
  type FactPattern,
  firstFact,
  type Groups,
  host,
  present,
} from './asa-fact.ts';

const filtered = new RegExp(
  `^Dynamic Filter (?<verb>permitted|monitored|dropped|would have dropped) (?<list>[a-z]{4,6} ?listed) (?<protocol>TCP|UDP|\\S{1,20}) traffic from ${endPattern('src')} to ${endPattern('dst')}, (?:source|destination) (?<host>\\S{1,255}) resolved from (?<reason>(?:local|dynamic) list: [^\\s,]{1,255})(?:, threat-level: (?<level>[^,]{1,40}), category: (?<category>.{1,100}))?`,
);
const rate =
  /^\[ {0,40}(?<object>[^\]]{1,200}?) {0,40}\] drop (?<rate>rate-\d) exceeded\. (?<reason>.{1,400}?)(?:; Cumulative total count is (?<count>\d{1,9}))?$/;
const targeted =
  /^(?<kind>\S{1,40}) (?<host>\S{1,64}) (?<verb>is (?:targeted|attacking))\. (?<reason>.{1,400}?)(?:; Cumulative total count is (?<count>\d{1,9}))?$/;
const shunned = /^Threat-detection (?<verb>adds|removes) host (?<host>\S{1,64}) (?<reason>(?:to|from) shun list)/;
const signature =
  /^IPS:(?<signature>\d{1,6}) (?<title>.{1,200}?) from (?<src>\S{1,64}) to (?<dst>\S{1,64}) on interface (?<interface>\S{1,128})/;
const shunnedPacket = /^Shunned packet: (?<src>\S{1,64}) ==> (?<dst>\S{1,64}) on interface (?<interface>\S{1,128})/;
const refusedUrl =
  /^Access denied URL (?<url>\S{1,4000}) SRC (?<src>\S{1,64}) DEST (?<dst>\S{1,64}) on interface (?<interface>\S{1,128})/;
const openedUrl =
  /^(?:(?<person>[^\s@()]{1,256})@)?(?<src>[^\s@()]{1,64})(?:\((?<note>[^()]{1,256})\))? Accessed (?:JAVA )?URL (?:[^\s@]{1,256}@)?(?<dst>[^\s:]{1,255}|\[?[0-9A-Fa-f:.]{2,45}?\]?):(?<url>\S{1,4000})/;

const patterns: readonly FactPattern[] = [
  { pattern: filtered, fact: filterFact },
  {
    pattern: rate,
    fact: (found) => ({
      ...threat(found, `${found['object']} drop ${found['rate']} exceeded`),
      ...objectHost(found['object']),
    }),
  },
  {
    pattern: targeted,
    fact: (found) => {
      const end = host(found['host'] ?? '');
      return {
        ...threat(found, `${found['kind']} ${found['verb']}`),
        ...(found['verb'] === 'is attacking' ? { src: end } : { dst: end }),
      };
    },
  },
  {
    pattern: shunned,
    fact: (found) => ({
      ...threat(found, `Threat detection ${found['verb']} a host ${found['reason']}`),
      src: host(found['host'] ?? ''),
    }),
  },
  {
    pattern: signature,
    fact: (found) => ({
      ...threat(found, found['title'] ?? ''),
      category: 'intrusion signature',
      src: {
        ...host(found['src'] ?? ''),
        ...(found['interface'] === undefined ? {} : { interface: found['interface'] }),
      },
      dst: host(found['dst'] ?? ''),
    }),
  },
  {
    pattern: shunnedPacket,
    fact: (found) => ({ topic: 'flow', activity: 'refuse', denied: true, reason: 'shunned', ...bareEnds(found) }),
  },
  {
    pattern: refusedUrl,
    fact: (found) =>
      present({ topic: 'http', activity: 'request', denied: true, url: found['url'], ...bareEnds(found) }),
  },
  {
    pattern: openedUrl,
    fact: (found) => {
      const from = endOf({ src: found['src'], srcNote: found['note'] }, 'src', 'without interface');
      const person = from.user ?? found['person'];
      return present({
        topic: 'http',
        activity: 'request',
        url: found['url'],
        src: from,
        dst: host(found['dst'] ?? ''),
        user: person,
        domain: from.domain,
      });
    },
  },
];

/** What a message about a threat, a signature or a requested URL says. */
export function findingFact(text: string): AsaFact | undefined {
  return firstFact(patterns, text);
}

function threat(found: Groups, title: string): AsaFact {
  return present({
    topic: 'finding',
    activity: 'create',
    title,
    category: 'threat detection',
    signature: found['signature'],
    reason: found['reason']?.trim(),
    count: found['count'],
  });
}

function filterFact(found: Groups): AsaFact {
  const denied = found['verb'] === 'dropped';
  return present({
    topic: 'finding',
    activity: 'create',
    denied,
    title: `Dynamic Filter ${found['verb']} ${found['list']} traffic`,
    category: found['category'] ?? found['list'],
    level: found['level'],
    protocol: found['protocol'],
    src: endOf(found, 'src', 'with interface'),
    dst: endOf(found, 'dst', 'with interface'),
    reason: `${found['host']} resolved from ${found['reason']}`,
  });
}

/** The object of a rate is an address, a port or the name of a group of packets. */
function objectHost(object: string | undefined): Pick<AsaFact, 'src'> {
  const { ip } = host(object ?? '');
  return ip === undefined ? {} : { src: { ip } };
}

function bareEnds(found: Groups): Pick<AsaFact, 'src' | 'dst'> {
  const at = found['interface'];
  return {
    src: { ...host(found['src'] ?? ''), ...(at === undefined ? {} : { interface: at }) },
    dst: host(found['dst'] ?? ''),
  };
}
