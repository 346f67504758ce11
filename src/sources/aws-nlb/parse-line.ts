import { elbOwner } from '#core/lake/text/elb-object-key.ts';
import { addressAndPort } from '#core/lake/text/ip-address.ts';
import { given, lineTrouble, namedValues, type ParsedLine, tooFewValues } from '#core/lake/text/line-rows.ts';

/** The fields of an entry in their order, as AWS names them. */
const fields = [
  'type',
  'version',
  'time',
  'elb',
  'listener',
  'client:port',
  'destination:port',
  'connection_time',
  'tls_handshake_time',
  'received_bytes',
  'sent_bytes',
  'incoming_tls_alert',
  'chosen_cert_arn',
  'chosen_cert_serial',
  'tls_cipher',
  'tls_protocol_version',
  'tls_named_group',
  'domain_name',
  'alpn_fe_protocol',
  'alpn_be_protocol',
  'alpn_client_preference_list',
  'tls_connection_creation_time',
  'tls_keyexchange',
];
const leastFields = 18;

/** A parser for the lines of one object. No value holds a space: the list of protocols is URL-encoded. */
export function nlbLineParser(key: string): (line: string) => ParsedLine {
  const { key_account, key_region } = elbOwner(key);
  return (line) => {
    const tokens = line.split(' ');
    if (tokens.length < leastFields) return tooFewValues(tokens.length, leastFields);
    const client = addressAndPort(tokens[5] ?? '');
    if (client === undefined)
      return lineTrouble('address.invalid', `client:port is no address with a port: ${tokens[5]}`);
    const destination = addressAndPort(tokens[6] ?? '');
    if (destination === undefined && given(tokens[6]) !== null)
      return lineTrouble('address.invalid', `destination:port is no address with a port: ${tokens[6]}`);
    const row = namedValues(tokens, fields);
    row['client:port'] = null;
    row['destination:port'] = null;
    row['client_ip'] = client.ip;
    row['client_port'] = client.port;
    row['destination_ip'] = destination?.ip ?? null;
    row['destination_port'] = destination?.port ?? null;
    row['time'] = withZone(row['time']);
    row['tls_connection_creation_time'] = withZone(row['tls_connection_creation_time']);
    row['key_account'] = key_account;
    row['key_region'] = key_region;
    return { row };
  };
}

/** AWS writes UTC without saying so. */
function withZone(time: string | null | undefined): string | null {
  if (time === null || time === undefined) return null;
  return time.endsWith('Z') ? time : `${time}Z`;
}
