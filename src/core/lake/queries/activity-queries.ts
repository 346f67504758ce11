import { defineQuery } from '#core/lake/queries/built-in-query.ts';
import { callRows, placeFields } from '#core/lake/queries/call-rows.ts';
import type { Dialect } from '#core/lake/sql/dialect.ts';

const callColumns = ({
  joined,
}: Dialect): string => `event_time, account, region, service, operation, principal, access_key, target, src_ip,
  user_agent, CASE WHEN status_id = 2 THEN COALESCE(error, 'Failure') END AS error, message, ${joined('resources')} AS resources`;

export const accessKeyActivity = defineQuery({
  id: 'access-key-activity',
  title: { en: 'Activity of an access key', ja: 'アクセスキーの操作' },
  answers: {
    en: 'Every call that was made with an access key: when, from where, on what, and whether it was allowed.',
    ja: 'そのアクセスキーによるすべての呼び出し。いつ、どこから、何に対して、許可されたかどうか。',
  },
  parameters: ['key'],
  rows: { calls: callRows },
  sql: (dialect) => `SELECT ${callColumns(dialect)}
FROM calls
WHERE access_key = $key
ORDER BY event_time, service, operation, src_ip, user_agent, message`,
});

export const principalActivity = defineQuery({
  id: 'principal-activity',
  title: { en: 'Activity of a principal', ja: 'プリンシパルの操作' },
  answers: {
    en: 'Every call of a user or role, by ARN or by name, its sessions included, and the calls that changed it.',
    ja: 'ユーザーまたはロール（ARN または名前）によるすべての呼び出し。セッションを含み、それ自体を変更した呼び出しも示します。',
  },
  parameters: ['principal'],
  rows: { calls: callRows },
  sql: (dialect) => `SELECT ${callColumns(dialect)}
FROM calls
WHERE principal = $principal OR user_name = $principal OR issuer = $principal OR target = $principal
ORDER BY event_time, service, operation, src_ip, user_agent, message`,
});

export const ipActivity = defineQuery({
  id: 'ip-activity',
  title: { en: 'Activity of an IP address', ja: 'IP アドレスの活動' },
  answers: {
    en: 'What an address or a network did, over API calls, flows, DNS queries and web requests, on one time line.',
    ja: 'アドレスまたはネットワークの活動を、API 呼び出し、フロー、DNS クエリ、Web リクエストを通して一つの時系列で示します。',
  },
  parameters: ['ip'],
  rows: {
    calls: callRows,
    flows: {
      classes: ['network_activity'],
      fields: {
        ...placeFields,
        src_ip: 'src_endpoint.ip',
        src_key: { addressOf: 'src_endpoint' },
        dst_ip: 'dst_endpoint.ip',
        dst_key: { addressOf: 'dst_endpoint' },
        dst_port: 'dst_endpoint.port',
        activity: 'activity_name',
        bytes: 'traffic.bytes',
      },
    },
    lookups: {
      classes: ['dns_activity'],
      fields: {
        ...placeFields,
        src_ip: 'src_endpoint.ip',
        src_key: { addressOf: 'src_endpoint' },
        host: 'query.hostname',
        type: 'query.type',
        rcode: 'rcode',
        answers: { listOf: 'answers.rdata' },
      },
    },
    requests: {
      classes: ['http_activity'],
      fields: {
        ...placeFields,
        src_ip: 'src_endpoint.ip',
        src_key: { addressOf: 'src_endpoint' },
        method: 'http_request.http_method',
        host: { firstOf: ['http_request.url.hostname', 'dst_endpoint.name'] },
        path: 'http_request.url.path',
        action: 'action',
        code: 'http_response.code',
      },
    },
  },
  sql: (dialect) => `SELECT event_time, kind, account, region, src_ip, dst_ip, who, what, outcome FROM (
  SELECT event_time, 'api' AS kind, account, region, src_ip, CAST(NULL AS ${dialect.type('string')}) AS dst_ip, principal AS who,
    COALESCE(service, '') || ' ' || COALESCE(operation, '') AS what,
    CASE WHEN status_id = 2 THEN COALESCE(error, 'Failure') ELSE 'Success' END AS outcome
  FROM calls WHERE src_key BETWEEN $ip_first AND $ip_last
  UNION ALL
  SELECT event_time, 'flow', account, region, src_ip, dst_ip, NULL,
    'port ' || COALESCE(CAST(dst_port AS ${dialect.type('string')}), '?') || ', ' || COALESCE(CAST(bytes AS ${dialect.type('string')}), '?') || ' bytes', activity
  FROM flows WHERE src_key BETWEEN $ip_first AND $ip_last OR dst_key BETWEEN $ip_first AND $ip_last
  UNION ALL
  SELECT event_time, 'dns', account, region, src_ip, NULL, NULL,
    COALESCE(type, '?') || ' ' || COALESCE(host, '?') || COALESCE(' -> ' || ${dialect.joined('answers')}, ''), rcode
  FROM lookups WHERE src_key BETWEEN $ip_first AND $ip_last OR ${dialect.anyOf('answers', (x) => `${x} = $ip`)}
  UNION ALL
  SELECT event_time, 'http', account, region, src_ip, NULL, NULL,
    COALESCE(method, '?') || ' ' || COALESCE(host, '') || COALESCE(path, ''),
    COALESCE(action || ' ', '') || COALESCE(CAST(NULLIF(code, 0) AS ${dialect.type('string')}), '')
  FROM requests WHERE src_key BETWEEN $ip_first AND $ip_last
) AS activity
ORDER BY event_time, kind, src_ip, dst_ip, what, outcome, who`,
});
