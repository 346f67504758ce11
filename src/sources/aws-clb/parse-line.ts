import { elbOwner } from '#core/lake/text/elb-object-key.ts';
import { requestColumns, urlColumns } from '#core/lake/text/http-request.ts';
import { addressAndPort } from '#core/lake/text/ip-address.ts';
import { given, lineTrouble, namedValues, type ParsedLine } from '#core/lake/text/line-rows.ts';
import { quotedPair } from '#core/lake/text/quoted-tokens.ts';

/** The fields before the request, and those behind the user agent, as AWS names them. */
const headFields = [
  'time',
  'elb',
  'client:port',
  'backend:port',
  'request_processing_time',
  'backend_processing_time',
  'response_processing_time',
  'elb_status_code',
  'backend_status_code',
  'received_bytes',
  'sent_bytes',
];
const tailFields = ['ssl_cipher', 'ssl_protocol'];

/** A parser for the lines of one object. */
export function clbLineParser(key: string): (line: string) => ParsedLine {
  const { key_account, key_region } = elbOwner(key);
  return (line) => {
    // The URL and the user agent may hold quotes, and nothing but them is quoted.
    const open = line.indexOf(' "');
    const close = line.lastIndexOf('"');
    if (open < 0 || close < open + 2) return lineTrouble('line.quotes', 'the request in double quotes is missing');
    const tokens = line.slice(0, open).split(' ');
    if (tokens.length !== headFields.length)
      return lineTrouble(
        'columns.count',
        `expected ${headFields.length} values before the request, found ${tokens.length}`,
      );
    const client = addressAndPort(tokens[2] ?? '');
    if (client === undefined)
      return lineTrouble('address.invalid', `client:port is no address with a port: ${tokens[2]}`);
    const backend = addressAndPort(tokens[3] ?? '');
    if (backend === undefined && given(tokens[3]) !== null)
      return lineTrouble('address.invalid', `backend:port is no address with a port: ${tokens[3]}`);
    const row = namedValues(tokens, headFields);
    row['client:port'] = null;
    row['backend:port'] = null;
    row['client_ip'] = client.ip;
    row['client_port'] = client.port;
    row['backend_ip'] = backend?.ip ?? null;
    row['backend_port'] = backend?.port ?? null;
    row['key_account'] = key_account;
    row['key_region'] = key_region;
    const tail = line.length > close + 2 ? line.slice(close + 2).split(' ') : [];
    return { row: Object.assign(row, quotedColumns(line.slice(open + 1, close + 1)), namedValues(tail, tailFields)) };
  };
}

/** Entries before 2015 have no user agent. */
function quotedColumns(quoted: string): Record<string, string | null> {
  const pair = quotedPair(quoted);
  const request = requestColumns(pair?.first ?? quoted.slice(1, -1));
  return {
    ...request,
    ...urlColumns(request.request_url),
    user_agent: given(pair?.second),
    // Where the client's own quotes leave open what is URL and what user agent, the text is kept as it was.
    quoted_text: pair?.isAmbiguous === true ? quoted : null,
  };
}
