import { defineLogSource, type ObjectSample } from '#core/lake/source/log-source.ts';
import { firstJsonRecord } from '#core/lake/text/first-json-record.ts';
import { lineRows } from '#core/lake/text/line-rows.ts';
import { cloudFrontLineParser } from './parse-line.ts';
import { plainName } from './plain-name.ts';

export const source = defineLogSource({
  id: 'aws.cloudfront',
  title: 'Amazon CloudFront: standard logs (legacy and v2) and real-time logs',
  vendor: 'AWS',
  classes: ['http_activity'],
  profiles: ['cloud'],
  recognise: {
    key: /(?:^|\/)E[0-9A-Z]{6,20}\.\d{4}-\d\d-\d\d-\d\d\.[0-9A-Za-z]{1,40}(?:\.gz|\.parquet)?$|\/AWSLogs\/(?:aws-account-id=)?\d{12}\/CloudFront\//,
    content: isCloudFront,
  },
  decode: lineRows((context) => cloudFrontLineParser(context.key)),
  parquetName: plainName,
  fields: {
    logDate: 'date',
    logTime: 'time',
    epochMs: 'timestamp_ms',
    epochSeconds: 'timestamp',
    clientIp: 'c_ip',
    clientPort: 'c_port',
    clientCountry: 'c_country',
    serverIp: 's_ip',
    csMethod: 'cs_method',
    requestMethod: 'request_method',
    otherMethod: 'other_method',
    csHost: 'cs_host',
    hostHeader: 'x_host_header',
    uriStem: 'cs_uri_stem',
    uriQuery: 'cs_uri_query',
    csProtocol: 'cs_protocol',
    protocolVersion: 'cs_protocol_version',
    userAgent: 'cs_user_agent',
    referer: 'cs_referer',
    forwardedIps: 'forwarded_ips',
    scStatus: 'sc_status',
    contentType: 'sc_content_type',
    contentLength: 'sc_content_len',
    csBytes: 'cs_bytes',
    scBytes: 'sc_bytes',
    timeTaken: 'time_taken',
    timeToFirstByte: 'time_to_first_byte',
    edgeLocation: 'x_edge_location',
    requestId: 'x_edge_request_id',
    resultType: { path: 'x_edge_result_type', keep: true },
    detailedResultType: 'x_edge_detailed_result_type',
    sslProtocol: 'ssl_protocol',
    sslCipher: 'ssl_cipher',
    distributionId: 'distributionid',
    primaryDistributionId: { path: 'primary_distribution_id', keep: true },
    keyAccount: 'key_account',
    keyDistribution: 'key_distribution',
  },
});

/** Two fields that no other log has under these names. */
const ownFields = ['x_edge_location', 'x_edge_request_id', 'x_edge_result_type', 'x_edge_detailed_result_type'];
const requestFields = ['cs_uri_stem', 'cs_method', 'sc_status'];
const realtimeLine = /^\d{10}\.\d{1,3}\t[0-9A-Fa-f.:]{2,45}\t[^\t]{1,45}\t/;

function isCloudFront(sample: ObjectSample): boolean {
  if (sample.parquetColumns !== undefined) return areCloudFront(sample.parquetColumns);
  const record = firstJsonRecord(sample);
  if (record !== undefined) return areCloudFront(Object.keys(record));
  if (realtimeLine.test(sample.firstLine)) return true;
  const header = sample.text.split('\n', 3).find((line) => line.startsWith('#Fields:')) ?? sample.firstLine;
  return areCloudFront(header.slice(0, 8192).split(/[\t ,]+/));
}

function areCloudFront(names: readonly string[]): boolean {
  const plain = new Set(names.slice(0, 200).map(plainName));
  if (ownFields.some((name) => plain.has(name))) return true;
  return plain.has('timestamp_ms') && requestFields.some((name) => plain.has(name));
}
