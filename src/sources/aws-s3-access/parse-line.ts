import { isHostname, requestColumns, urlColumns } from '#core/lake/text/http-request.ts';
import { isDecimal, isIpAddress } from '#core/lake/text/ip-address.ts';
import { given, lineTrouble, namedValues, type ParsedLine, tooFewValues } from '#core/lake/text/line-rows.ts';
import { quotedPair } from '#core/lake/text/quoted-tokens.ts';
import { regionOfHost } from './region-of-host.ts';

const headFields = ['remote_ip', 'requester', 'request_id', 'operation', 'key'];
/** Between the request and the referrer. */
const middleFields = ['http_status', 'error_code', 'bytes_sent', 'object_size', 'total_time', 'turn_around_time'];
/** Behind the user agent; old records end earlier. */
const tailFields = [
  'version_id',
  'host_id',
  'signature_version',
  'cipher_suite',
  'authentication_type',
  'host_header',
  'tls_version',
  'access_point_arn',
  'acl_required',
  'source_region',
];
/** A URL holds no spaces, so hardly ever a quote with a space behind it; a hostile line shall not take long. */
const maximumTries = 100;
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Account and Region of a key `<prefix>/<account>/<Region>/<bucket>/<yyyy>/<mm>/<dd>/<file>`, which partitioned logs have. */
const partitioned =
  /(?:^|\/)(\d{12})\/([a-z]{2}-[a-z-]{3,20}-\d{1,2})\/[a-z0-9][a-z0-9.-]{1,62}\/\d{4}\/\d\d\/\d\d\/[^/]+$/;

/** A parser for the lines of one object. */
export function s3LineParser(objectKey: string): (line: string) => ParsedLine {
  const [, account = null, region = null] = partitioned.exec(objectKey) ?? [];
  return (line) => {
    const open = line.indexOf(' [');
    const close = line.indexOf('] ', open);
    if (open < 0 || close < 0) return lineTrouble('line.time', 'the time in square brackets is missing');
    const owner = line.slice(0, open).split(' ');
    if (owner.length !== 2)
      return lineTrouble('columns.count', `expected owner and bucket before the time, found ${owner.length} values`);
    const time = isoTime(line.slice(open + 2, close));
    if (time === undefined)
      return lineTrouble('time.invalid', `the time is no time: ${line.slice(open + 2, Math.min(close, open + 60))}`);
    const head = wordsFrom(line, close + 2, headFields.length);
    if (head === undefined) return tooFewValues(owner.length + 1, 9);
    const ip = given(head.words[0]);
    if (ip !== null && !isIpAddress(ip)) return lineTrouble('address.invalid', `the remote IP is no address: ${ip}`);
    const rest = requestAndRest(line, head.end);
    if (rest === undefined)
      return lineTrouble('line.quotes', 'request, status, referrer and user agent cannot be told apart');
    return {
      row: {
        bucket_owner: given(owner[0]),
        bucket: given(owner[1]),
        time,
        ...namedValues(head.words, headFields),
        ...rest,
        ...requesterColumns(given(head.words[1])),
        key_account: account,
        key_region: region,
      },
    };
  };
}

/** `24/Nov/2026:09:29:20 +0000` in ISO 8601. */
function isoTime(text: string): string | undefined {
  const month = months.indexOf(text.slice(3, 6));
  const [day, year, zone] = [text.slice(0, 2), text.slice(7, 11), text.slice(21)];
  if (text.length !== 26 || month < 0 || month % 3 !== 0 || !isDecimal(day) || !isDecimal(year)) return undefined;
  const offset = zone === '+0000' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return `${year}-${String(month / 3 + 1).padStart(2, '0')}-${day}T${text.slice(12, 20)}${offset}`;
}

/** So many values from a place on, and where the next one begins. */
function wordsFrom(line: string, from: number, count: number): { words: string[]; end: number } | undefined {
  const words: string[] = [];
  let at = from;
  while (words.length < count) {
    const space = line.indexOf(' ', at);
    if (space < 0) return undefined;
    words.push(line.slice(at, space));
    at = space + 1;
  }
  return { words, end: at };
}

/**
 * The request and everything behind it. S3 does not escape the quotes that clients put into URL, referrer and user
 * agent: the request ends at the first quote behind which a status and numbers follow as S3 writes them, the user agent at
 * the last quote of the line.
 */
function requestAndRest(line: string, from: number): Record<string, string | null> | undefined {
  if (line.startsWith('- ', from)) return restOfLine(line, from + 2, '-');
  if (line.charCodeAt(from) !== 0x22) return undefined;
  let end = line.indexOf('" ', from + 1);
  for (let tries = 0; end >= 0 && tries < maximumTries; end = line.indexOf('" ', end + 1), tries += 1) {
    const found = restOfLine(line, end + 2, line.slice(from + 1, end));
    if (found !== undefined) return found;
  }
  return undefined;
}

function restOfLine(line: string, from: number, request: string): Record<string, string | null> | undefined {
  const middle = wordsFrom(line, from, middleFields.length);
  if (middle === undefined || !middle.words.every(fitsMiddle)) return undefined;
  const agents = agentsAndEnd(line, middle.end);
  if (agents === undefined) return undefined;
  const columns = requestColumns(request);
  const tail = agents.end < line.length ? line.slice(agents.end).split(' ') : [];
  return {
    ...columns,
    ...urlColumns(columns.request_url),
    ...namedValues(middle.words, middleFields),
    ...agents.columns,
    ...namedValues(tail, tailFields),
    ...hostColumns(given(tail[5])),
  };
}

function fitsMiddle(word: string, index: number): boolean {
  if (index === 1) return !word.includes('"');
  return word === '-' || (isDecimal(word) && (index > 0 || word.length === 3));
}

/** Referrer and user agent, both in quotes or both a dash without, and where the next value begins. */
function agentsAndEnd(line: string, from: number): { columns: Record<string, string | null>; end: number } | undefined {
  const none = { referrer: null, user_agent: null, quoted_text: null };
  if (line.startsWith('- -', from)) return { columns: none, end: from + 4 };
  const close = line.lastIndexOf('"');
  if (close <= from) return undefined;
  const quoted = line.slice(from, close + 1);
  // One of them may be a bare dash.
  const pair = quotedPair(quoted.startsWith('- "') ? `"-"${quoted.slice(1)}` : quoted);
  if (pair === undefined) return undefined;
  return {
    columns: {
      referrer: given(pair.first),
      user_agent: given(pair.second),
      // Where the client's own quotes leave open which is which, the text is kept as it was.
      quoted_text: pair.isAmbiguous ? quoted : null,
    },
    end: close + 2,
  };
}

function hostColumns(host: string | null): Record<string, string | null> {
  const isName = host !== null && isHostname(host);
  return { url_host: isName ? host : null, host_header: isName ? null : host, host_region: regionOfHost(host) };
}

/** Who asked: an ARN names an account and a user or role; services and canonical ids stand for themselves. */
function requesterColumns(requester: string | null): Record<string, string | null> {
  const [prefix, , , , account = '', ...rest] = requester?.split(':') ?? [];
  if (prefix !== 'arn') return { requester_name: null, requester_account: null };
  const [kind, ...names] = rest.join(':').split('/');
  const name = kind === 'assumed-role' ? names[0] : names.at(-1);
  return {
    requester_name: name === undefined || name === '' ? (kind ?? null) : name,
    requester_account: account.length === 12 && isDecimal(account) ? account : null,
  };
}
