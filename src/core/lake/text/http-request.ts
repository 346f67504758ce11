import { isPort } from './ip-address.ts';

/** The methods that OCSF 1.1.0 has a name for. */
const knownMethods = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE']);

/** A request line as columns of a raw row: `request_method` only where OCSF knows the method. */
export interface RequestColumns {
  readonly request_method: string | null;
  readonly other_method: string | null;
  readonly request_url: string | null;
  readonly request_version: string | null;
}

/** Splits `GET https://example.com/ HTTP/1.1`; a `-` stands for what the server could not read. */
export function requestColumns(line: string): RequestColumns {
  const text = line.trim();
  const first = text.indexOf(' ');
  const method = first < 0 ? text : text.slice(0, first);
  const rest = first < 0 ? '' : text.slice(first + 1);
  // A URL may hold spaces, the version may be missing: only what looks like one is one.
  const last = rest.lastIndexOf(' ');
  const end = rest.slice(last + 1);
  const hasVersion = last >= 0 && (end === '-' || end.startsWith('HTTP/'));
  const url = (hasVersion ? rest.slice(0, last) : rest).trim();
  const isKnown = knownMethods.has(method);
  return {
    request_method: isKnown ? method : null,
    other_method: isKnown ? null : givenText(method),
    request_url: givenText(url),
    request_version: hasVersion ? givenText(end) : null,
  };
}

/** A method as the two columns of `RequestColumns`. */
export function methodColumns(method: string | null): Pick<RequestColumns, 'request_method' | 'other_method'> {
  const isKnown = method !== null && knownMethods.has(method);
  return { request_method: isKnown ? method : null, other_method: isKnown ? null : method };
}

export interface UrlColumns {
  readonly url_scheme: string | null;
  /** Only where it is a name that OCSF accepts; the client wrote it. */
  readonly url_host: string | null;
  readonly url_port: string | null;
  readonly url_path: string | null;
  readonly url_query: string | null;
}

const noUrl: UrlColumns = { url_scheme: null, url_host: null, url_port: null, url_path: null, url_query: null };

/** The parts of an absolute URL or of a path with a query, without decoding; what cannot be told is null. */
export function urlColumns(url: string | null): UrlColumns {
  if (url === null) return noUrl;
  const scheme = schemeOf(url);
  if (scheme === null && url.charCodeAt(0) !== 0x2f) return noUrl;
  const start = scheme === null ? 0 : scheme.length + 3;
  const authorityEnd = scheme === null ? 0 : endOfAuthority(url, start);
  const mark = url.indexOf('?', authorityEnd);
  const path = url.slice(authorityEnd, mark < 0 ? url.length : mark);
  return {
    url_scheme: scheme,
    ...hostColumns(url.slice(start, authorityEnd)),
    url_path: path === '' ? null : path,
    url_query: mark < 0 ? null : givenText(url.slice(mark + 1)),
  };
}

/** True for a host name as OCSF 1.1.0 accepts it: labels of letters, digits and inner hyphens. */
export function isHostname(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  let previous = 0x2e;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? 0x2e : text.charCodeAt(at);
    if (code === 0x2e || code === 0x2d) {
      if (previous === 0x2e || (code === 0x2e && previous === 0x2d)) return false;
    } else if (!isLetterOrDigit(code)) return false;
    previous = code;
  }
  return true;
}

function givenText(text: string): string | null {
  return text === '' || text === '-' ? null : text;
}

function schemeOf(url: string): string | null {
  const end = url.indexOf('://');
  if (end < 1 || end > 10) return null;
  for (let at = 0; at < end; at += 1) if (!isLetterOrDigit(url.charCodeAt(at))) return null;
  return url.slice(0, end);
}

function endOfAuthority(url: string, from: number): number {
  for (let at = from; at < url.length; at += 1) {
    const code = url.charCodeAt(at);
    if (code === 0x2f || code === 0x3f || code === 0x23) return at;
  }
  return url.length;
}

function hostColumns(authority: string): Pick<UrlColumns, 'url_host' | 'url_port'> {
  const colon = authority.lastIndexOf(':');
  const port = authority.slice(colon + 1);
  const hasPort = colon >= 0 && isPort(port);
  const host = hasPort ? authority.slice(0, colon) : authority;
  return { url_host: isHostname(host) ? host : null, url_port: hasPort ? port : null };
}

function isLetterOrDigit(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
