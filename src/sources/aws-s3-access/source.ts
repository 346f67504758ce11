import { defineLogSource } from '#core/lake/source/log-source.ts';
import { lineRows } from '#core/lake/text/line-rows.ts';
import { s3LineParser } from './parse-line.ts';

const record =
  /^[0-9a-f]{40,64} [A-Za-z0-9][A-Za-z0-9._-]{1,254} \[\d\d\/[A-Z][a-z][a-z]\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] [0-9A-Fa-f.:-]{1,45} /;

export const source = defineLogSource({
  id: 'aws.s3-access',
  title: 'Amazon S3 server access logs',
  vendor: 'AWS',
  classes: ['http_activity', 'api_activity'],
  profiles: ['cloud', 'host'],
  recognise: {
    key: /\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/,
    content: ({ firstLine }) => record.test(firstLine),
  },
  decode: lineRows((context) => s3LineParser(context.key)),
  fields: {
    bucketOwner: 'bucket_owner',
    bucket: 'bucket',
    requestTime: 'time',
    remoteIp: 'remote_ip',
    requester: 'requester',
    requesterName: 'requester_name',
    requesterAccount: 'requester_account',
    requestId: 'request_id',
    operation: 'operation',
    objectKey: 'key',
    requestMethod: 'request_method',
    otherMethod: 'other_method',
    requestUrl: 'request_url',
    requestVersion: 'request_version',
    urlScheme: 'url_scheme',
    urlHost: 'url_host',
    urlPath: 'url_path',
    urlQuery: 'url_query',
    httpStatus: 'http_status',
    errorCode: 'error_code',
    bytesSent: 'bytes_sent',
    totalTime: 'total_time',
    turnAroundTime: 'turn_around_time',
    referrer: 'referrer',
    userAgent: 'user_agent',
    cipherSuite: 'cipher_suite',
    tlsVersion: 'tls_version',
    accessPoint: { path: 'access_point_arn', keep: true },
    keyAccount: 'key_account',
    keyRegion: 'key_region',
    hostRegion: 'host_region',
  },
});
