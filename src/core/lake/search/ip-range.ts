/** First and last address of a network as the lake's sortable text: 32 hexadecimal digits. */
export interface IpRange {
  readonly first: string;
  readonly last: string;
}

const bits = 128n;
const mapped = 0xffff_0000_0000n;

/** The range of `192.0.2.0/24` or `2001:db8::/32`; undefined where it is no network. */
export function ipRange(cidr: string): IpRange | undefined {
  const [text = '', prefix = ''] = cidr.split('/');
  const address = addressNumber(text);
  const length = /^\d{1,3}$/.test(prefix) ? BigInt(prefix) + (text.includes(':') ? 0n : 96n) : undefined;
  if (address === undefined || length === undefined || length > bits) return undefined;
  const host = (1n << (bits - length)) - 1n;
  const first = address & ~host & ((1n << bits) - 1n);
  return { first: hex(first), last: hex(first | host) };
}

/** The sortable text of one address; undefined where it is none. */
export function ipKey(text: string): string | undefined {
  const number = addressNumber(text);
  return number === undefined ? undefined : hex(number);
}

function hex(number: bigint): string {
  return number.toString(16).padStart(32, '0');
}

function addressNumber(text: string): bigint | undefined {
  return text.includes(':') ? v6Number(text) : v4Number(text);
}

function v4Number(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) + mapped;
}

function v6Number(text: string): bigint | undefined {
  const withoutV4 = text.replace(/(?:\d{1,3}\.){3}\d{1,3}$/, (tail) => {
    const number = v4Number(tail);
    return number === undefined
      ? 'x'
      : `${((number >> 16n) & 0xffffn).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const halves = withoutV4.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: halves.length === 1 ? 0 : missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
