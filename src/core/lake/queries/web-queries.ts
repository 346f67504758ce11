import { defineQuery } from '#core/lake/queries/built-in-query.ts';
import { callRows, placeFields } from '#core/lake/queries/call-rows.ts';

export const wafBlocks = defineQuery({
  id: 'waf-blocks',
  title: { en: 'Requests that AWS WAF blocked', ja: 'AWS WAF がブロックしたリクエスト' },
  answers: {
    en: 'Whom a web ACL blocked, by which rule, on which host and how often.',
    ja: 'Web ACL がどのルールで、どのホストへの、誰のリクエストを何回ブロックしたか。',
  },
  parameters: [],
  rows: {
    requests: {
      classes: ['http_activity'],
      fields: {
        ...placeFields,
        action_id: 'action_id',
        rule: 'firewall_rule.uid',
        inner_rule: 'firewall_rule.name',
        web_acl: 'metadata.product.feature.uid',
        src_ip: 'src_endpoint.ip',
        country: 'src_endpoint.location.country',
        host: 'http_request.url.hostname',
        path: 'http_request.url.path',
        user_agent: 'http_request.user_agent',
      },
    },
  },
  sql: () => `SELECT web_acl, rule, inner_rule, src_ip, country, host, count(*) AS requests, count(DISTINCT path) AS paths,
  min(path) AS a_path, min(user_agent) AS a_user_agent, min(event_time) AS first_at, max(event_time) AS last_at
FROM requests
WHERE action_id = 2
GROUP BY web_acl, rule, inner_rule, src_ip, country, host
ORDER BY requests DESC, web_acl, rule, inner_rule, src_ip, country, host`,
});

export const bucketReads = defineQuery({
  id: 'bucket-reads',
  title: { en: 'Reads of a bucket', ja: 'バケットの読み取り' },
  answers: {
    en: 'Who read which objects of an S3 bucket, from CloudTrail data events and from server access logs.',
    ja: 'S3 バケットのどのオブジェクトを誰が読み取ったか（CloudTrail データイベントとサーバーアクセスログ）。',
  },
  parameters: ['resource'],
  rows: {
    calls: {
      ...callRows,
      fields: {
        ...callRows.fields,
        bucket: { json: ['_request_data', 'api.request.data'], at: '$.bucketName' },
        object: { json: ['_request_data', 'api.request.data'], at: '$.key' },
        bytes: { map: 'unmapped', key: 'additionalEventData.bytesTransferredOut' },
      },
    },
    requests: {
      classes: ['http_activity'],
      fields: {
        ...placeFields,
        service: 'api.service.name',
        operation: 'api.operation',
        bucket: 'dst_endpoint.name',
        method: 'http_request.http_method',
        object: { map: 'unmapped', key: 'key' },
        principal: { firstOf: ['actor.user.uid', 'actor.user.name'] },
        src_ip: 'src_endpoint.ip',
        user_agent: 'http_request.user_agent',
        code: 'http_response.code',
        bytes: 'traffic.bytes_out',
      },
    },
  },
  sql: ({
    anyOf,
    type,
  }) => `SELECT event_time, kind, account, operation, object, principal, src_ip, user_agent, bytes, error FROM (
  SELECT event_time, 'cloudtrail' AS kind, account, operation, object, principal, src_ip, user_agent, TRY_CAST(bytes AS DOUBLE) AS bytes,
    CASE WHEN status_id = 2 THEN COALESCE(error, 'Failure') END AS error
  FROM calls
  WHERE service = 's3.amazonaws.com'
    AND operation IN ('GetObject', 'HeadObject', 'ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'GetObjectTorrent', 'CopyObject', 'SelectObjectContent')
    AND (bucket = $resource OR ${anyOf('resources', (x) => `${x} = 'arn:aws:s3:::' || $resource OR starts_with(${x}, 'arn:aws:s3:::' || $resource || '/')`)})
  UNION ALL
  SELECT event_time, 'access-log', account, operation, object, principal, src_ip, user_agent, CAST(bytes AS DOUBLE),
    CASE WHEN code >= 400 THEN CAST(code AS ${type('string')}) END
  FROM requests
  WHERE service = 's3.amazonaws.com' AND bucket = $resource AND method IN ('GET', 'HEAD')
) AS reads
ORDER BY event_time, kind, operation, object, principal, src_ip, user_agent, bytes`,
});
