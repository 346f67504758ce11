import { type ElbOwner, elbOwner } from '#core/lake/text/elb-object-key.ts';
import { requestColumns, urlColumns } from '#core/lake/text/http-request.ts';
import { addressAndPort, isIpAddress } from '#core/lake/text/ip-address.ts';
import { given, lineTrouble, namedValues, type ParsedLine, tooFewValues } from '#core/lake/text/line-rows.ts';
import { quotedTokens } from '#core/lake/text/quoted-tokens.ts';

/** The fields of an access log entry in their order, as AWS names them; old files have fewer. */
const accessFields = [
  'type',
  'time',
  'elb',
  'client:port',
  'target:port',
  'request_processing_time',
  'target_processing_time',
  'response_processing_time',
  'elb_status_code',
  'target_status_code',
  'received_bytes',
  'sent_bytes',
  'request',
  'user_agent',
  'ssl_cipher',
  'ssl_protocol',
  'target_group_arn',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  'matched_rule_priority',
  'request_creation_time',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target:port_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
  'conn_trace_id',
  'transformed_host',
  'transformed_uri',
  'request_transform_status',
  // Seen in files of 2026, before AWS documented it: the address of the load balancer node.
  'node_ip',
];
const leastAccessFields = 17;

const connectionFields = [
  'timestamp',
  'client_ip',
  'client_port',
  'listener_port',
  'tls_protocol',
  'tls_cipher',
  'tls_handshake_latency',
  'leaf_client_cert_subject',
  'leaf_client_cert_validity',
  'leaf_client_cert_serial_number',
  'tls_verify_status',
  'conn_trace_id',
  'tls_keyexchange',
];
const leastConnectionFields = 11;

/** What AWS writes to try the bucket when logging is switched on. */
const testMessage = /^Enable (?:Access|Connection|HealthCheck)Log for ELB/;

/** A parser for the lines of one object: access log entries begin with a type, connection log entries with a time. */
export function albLineParser(key: string): (line: string) => ParsedLine {
  const owner = elbOwner(key);
  return (line) => {
    if (testMessage.test(line)) return { excluded: 'elb.test-file' };
    const tokens = quotedTokens(line);
    if (tokens === undefined) return lineTrouble('line.quotes', 'a value begins with a quote that is never closed');
    const first = line.charCodeAt(0);
    const isConnection = first >= 0x30 && first <= 0x39;
    return isConnection ? connectionRow(tokens, owner) : accessRow(tokens, owner);
  };
}

function accessRow(tokens: readonly string[], owner: ElbOwner): ParsedLine {
  if (tokens.length < leastAccessFields) return tooFewValues(tokens.length, leastAccessFields);
  const row = namedValues(tokens, accessFields);
  const client = addressAndPort(tokens[3] ?? '');
  if (client === undefined)
    return lineTrouble('address.invalid', `client:port is no address with a port: ${tokens[3]}`);
  const target = given(tokens[4]) === null ? undefined : addressAndPort(tokens[4] ?? '');
  if (target === undefined && given(tokens[4]) !== null)
    return lineTrouble('address.invalid', `target:port is no address with a port: ${tokens[4]}`);
  const request = requestColumns(tokens[12] ?? '');
  // With one target these lists only repeat it.
  if (row['target:port_list'] === row['target:port']) row['target:port_list'] = null;
  if (row['target_status_code_list'] === row['target_status_code']) row['target_status_code_list'] = null;
  row['client:port'] = null;
  row['target:port'] = null;
  row['request'] = null;
  row['client_ip'] = client.ip;
  row['client_port'] = client.port;
  row['target_ip'] = target?.ip ?? null;
  row['target_port'] = target?.port ?? null;
  return { row: Object.assign(row, request, urlColumns(request.request_url), owner) };
}

function connectionRow(tokens: readonly string[], owner: ElbOwner): ParsedLine {
  if (tokens.length < leastConnectionFields) return tooFewValues(tokens.length, leastConnectionFields);
  const row = namedValues(tokens, connectionFields);
  if (!isIpAddress(tokens[1] ?? '')) return lineTrouble('address.invalid', `client_ip is no address: ${tokens[1]}`);
  return { row: Object.assign(row, owner) };
}
