import { defineQuery } from '#core/lake/queries/built-in-query.ts';
import { callRows, placeFields } from '#core/lake/queries/call-rows.ts';
import type { FlatRows } from '#core/lake/queries/flat-rows.ts';

const flowRows: FlatRows = {
  classes: ['network_activity'],
  fields: {
    ...placeFields,
    src_ip: 'src_endpoint.ip',
    dst_ip: 'dst_endpoint.ip',
    dst_port: 'dst_endpoint.port',
    protocol: 'connection_info.protocol_num',
    action_id: 'action_id',
    activity_id: 'activity_id',
    bytes: 'traffic.bytes',
    packets: 'traffic.packets',
  },
};

export const securityGroupOpenings = defineQuery({
  id: 'security-group-openings',
  title: { en: 'Security groups opened to the world', ja: '全世界に開放されたセキュリティグループ' },
  answers: {
    en: 'Who let all of the internet (0.0.0.0/0 or ::/0) through a security group or network ACL.',
    ja: 'インターネット全体（0.0.0.0/0 または ::/0）に対して、セキュリティグループやネットワーク ACL を開放した人。',
  },
  parameters: [],
  rows: { calls: callRows },
  sql: () => `SELECT event_time, account, region, operation, principal, access_key, src_ip,
  CASE WHEN status_id = 2 THEN COALESCE(error, 'Failure') END AS error, substr(request, 1, 1000) AS request
FROM calls
WHERE operation IN ('AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'ModifySecurityGroupRules',
    'CreateNetworkAclEntry', 'ReplaceNetworkAclEntry')
  AND (strpos(request, '"0.0.0.0/0"') > 0 OR strpos(request, '"::/0"') > 0)
ORDER BY event_time DESC, account, region, operation, principal, request`,
});

export const topTalkers = defineQuery({
  id: 'top-talkers',
  title: { en: 'Top talkers', ja: '通信量の多い相手' },
  answers: {
    en: 'Pairs of addresses by the bytes that went from one to the other.',
    ja: '通信バイト数の多いアドレスの組（送信元から宛先への方向ごと）。',
  },
  parameters: [],
  rows: { flows: flowRows },
  sql: () => `SELECT src_ip, dst_ip, CAST(sum(bytes) AS BIGINT) AS bytes, CAST(sum(packets) AS BIGINT) AS packets, count(*) AS flows,
  count(DISTINCT dst_port) AS ports, min(event_time) AS first_at, max(event_time) AS last_at
FROM flows
WHERE bytes IS NOT NULL
GROUP BY src_ip, dst_ip
ORDER BY bytes DESC, src_ip, dst_ip`,
});

export const rejectedFlows = defineQuery({
  id: 'rejected-flows-by-port',
  title: { en: 'Rejected flows by port', ja: '拒否された通信（ポート別）' },
  answers: {
    en: 'Ports that were knocked at in vain, with how many came, from how many addresses, to how many.',
    ja: '拒否された宛先ポートと、その件数、送信元アドレス数、宛先アドレス数。',
  },
  parameters: [],
  rows: { flows: flowRows },
  sql: () => `SELECT dst_port, protocol, count(*) AS flows, count(DISTINCT src_ip) AS sources, count(DISTINCT dst_ip) AS targets,
  min(src_ip) AS a_source, min(event_time) AS first_at, max(event_time) AS last_at
FROM flows
WHERE action_id = 2 OR activity_id = 5
GROUP BY dst_port, protocol
ORDER BY flows DESC, dst_port, protocol`,
});

export const dnsOfInstance = defineQuery({
  id: 'dns-names-of-instance',
  title: { en: 'DNS names asked by an instance', ja: 'インスタンスが問い合わせた DNS 名' },
  answers: {
    en: 'Names that an instance (id or private address) asked for, rarest first, and how often they were blocked.',
    ja: 'インスタンス（ID またはプライベートアドレス）が問い合わせた名前。少ない順に、ブロックされた回数とともに示します。',
  },
  parameters: ['resource'],
  rows: {
    lookups: {
      classes: ['dns_activity'],
      fields: {
        ...placeFields,
        instance: 'src_endpoint.instance_uid',
        src_ip: 'src_endpoint.ip',
        // A name that no host can have is among the observables only.
        host: { firstOf: ['query.hostname'] },
        odd_host: { joined: 'observables.value' },
        type: 'query.type',
        rcode: 'rcode',
        action_id: 'action_id',
      },
    },
  },
  sql: () => `SELECT COALESCE(host, odd_host) AS name, type, count(*) AS queries, count(CASE WHEN action_id = 2 THEN 1 END) AS blocked,
  count(CASE WHEN rcode = 'NXDomain' THEN 1 END) AS not_found, min(event_time) AS first_at, max(event_time) AS last_at
FROM lookups
WHERE instance = $resource OR src_ip = $resource
GROUP BY COALESCE(host, odd_host), type
ORDER BY queries, name, type`,
});
