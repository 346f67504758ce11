const zero = 0x30;
const nine = 0x39;
const dot = 0x2e;
const colon = 0x3a;

/** True for an IPv4 or IPv6 address as text, without brackets, mask or zone. */
export function isIpAddress(text: string): boolean {
  if (text.length < 2 || text.length > 45) return false;
  return text.includes(':') ? isIpv6(text) : isIpv4(text);
}

/** The address and port of `192.0.2.1:443`, `2001:db8::1:443` or `[2001:db8::1]:443`; undefined for any other text. */
export function addressAndPort(text: string): { readonly ip: string; readonly port: string } | undefined {
  const border = text.lastIndexOf(':');
  if (border < 0) return undefined;
  const isBracketed = text.charCodeAt(0) === 0x5b && text.charCodeAt(border - 1) === 0x5d;
  const ip = isBracketed ? text.slice(1, border - 1) : text.slice(0, border);
  const port = text.slice(border + 1);
  return isPort(port) && isIpAddress(ip) ? { ip, port } : undefined;
}

/** True for a decimal port number. */
export function isPort(text: string): boolean {
  return text.length > 0 && text.length <= 5 && isDecimal(text) && Number(text) <= 65_535;
}

/** True for one or more decimal digits. */
export function isDecimal(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < zero || code > nine) return false;
  }
  return text.length > 0;
}

function isIpv4(text: string): boolean {
  let parts = 1;
  let digits = 0;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      if (digits === 0) return false;
      parts += 1;
      digits = 0;
      value = 0;
    } else {
      // A leading zero would make it octal to some readers.
      if (code < zero || code > nine || (digits > 0 && value === 0)) return false;
      value = value * 10 + code - zero;
      digits += 1;
      if (value > 255) return false;
    }
  }
  return parts === 4 && digits > 0;
}

function isIpv6(text: string): boolean {
  const gap = text.indexOf('::');
  if (gap >= 0 && text.indexOf('::', gap + 1) >= 0) return false;
  const [head, tail] = gap < 0 ? [text, ''] : [text.slice(0, gap), text.slice(gap + 2)];
  const groups = groupsOf(head, gap < 0) + groupsOf(tail, true);
  return gap < 0 ? groups === 8 : groups <= 7;
}

/** How many 16-bit groups these are, NaN where one is none; the last may be an IPv4 address, which counts twice. */
function groupsOf(text: string, isEnd: boolean): number {
  if (text === '') return 0;
  const last = text.lastIndexOf(':') + 1;
  const isMixed = isEnd && text.includes('.', last);
  if (isMixed && !isIpv4(text.slice(last))) return Number.NaN;
  let groups = isMixed ? 2 : 1;
  let digits = 0;
  const end = isMixed ? last : text.length;
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === colon) {
      if (digits === 0) return Number.NaN;
      groups += 1;
      digits = 0;
    } else {
      digits += 1;
      if (digits > 4 || !isHexDigit(code)) return Number.NaN;
    }
  }
  return isMixed || digits > 0 ? groups : Number.NaN;
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return (code >= zero && code <= nine) || (lower >= 0x61 && lower <= 0x66);
}
