import { type Gatherer, gatherMessage } from './gather-message.ts';

/** One message of a stream, in memory of its own. */
export type SyslogFrame = {
  readonly bytes: Uint8Array;
  /** How many bytes of the message came after these and were left out, because it is longer than the limit. */
  readonly cutBytes: number;
  /** The stream ended within the message. */
  readonly isIncomplete: boolean;
};

/** Takes a stream apart; its state is the stream's. */
export interface SyslogFramer {
  /** The messages that end within this chunk. */
  push(chunk: Uint8Array): SyslogFrame[];
  /** What the stream's end leaves over. */
  end(): SyslogFrame[];
  /** How often a counted stream had something else where a count had to be. */
  readonly misframed: number;
}

const LIMIT_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const LESS_THAN = 0x3c;
const ZERO = 0x30;
const NINE = 0x39;
/** A count of more digits would swallow gigabytes and is none. */
const COUNT_DIGITS = 8;

/**
 * Takes syslog over TCP or TLS (RFC 6587, RFC 5425) apart, in whatever chunks it comes. The first frame decides for the whole stream:
 * a count, a space and `<` mean octet counting, anything else lines that end in LF or CRLF, so that a line cannot pose as a count.
 * A message beyond the limit is cut at a character and says so; an empty line is no message; NULs are content. In a counted stream
 * line ends and NULs between messages are passed over; what else stands there is taken as a line and counted as misframed.
 * @example const framer = frameSyslog(); socket.on('data', (chunk) => framer.push(chunk).forEach(keep));
 */
export function frameSyslog(limitBytes = LIMIT_BYTES): SyslogFramer {
  return new StreamFramer(limitBytes);
}

/** Before a frame, within a line, or within a counted message that lacks `left` bytes. */
type Place = { readonly kind: 'between' } | { readonly kind: 'line' } | { readonly kind: 'counted'; left: number };

class StreamFramer implements SyslogFramer {
  misframed = 0;
  readonly #gathered: Gatherer;
  #framing: 'unknown' | 'lines' | 'counted' = 'unknown';
  #place: Place = { kind: 'between' };
  /** The beginning of a frame, too short to tell what it is. */
  #undecided: Uint8Array = new Uint8Array(0);

  constructor(limitBytes: number) {
    this.#gathered = gatherMessage(limitBytes);
  }

  push(chunk: Uint8Array): SyslogFrame[] {
    const bytes = this.#undecided.length === 0 ? chunk : joined(this.#undecided, chunk);
    this.#undecided = new Uint8Array(0);
    const frames: SyslogFrame[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#place.kind === 'between') at = this.#begin(bytes, at);
      if (this.#place.kind === 'between') break;
      at = this.#place.kind === 'counted' ? this.#count(this.#place, bytes, at, frames) : this.#line(bytes, at, frames);
    }
    return frames;
  }

  end(): SyslogFrame[] {
    const isIncomplete = this.#place.kind === 'counted' || (this.#framing === 'counted' && this.#undecided.length > 0);
    const frames: SyslogFrame[] = [];
    this.#gathered.add(this.#undecided);
    this.#undecided = new Uint8Array(0);
    this.#finish(isIncomplete ? 'counted' : 'line', frames, isIncomplete);
    return frames;
  }

  /** Finds out what begins here and where its content does; without enough bytes for that they wait for the next chunk. */
  #begin(bytes: Uint8Array, position: number): number {
    const at = this.#framing === 'lines' ? position : afterSeparators(bytes, position, this.#framing);
    const found = this.#framing === 'lines' ? TEXT : beginningAt(bytes, at, this.#framing);
    if (found.kind === 'more') {
      this.#undecided = new Uint8Array(bytes.subarray(at));
      return bytes.length;
    }
    if (found.kind === 'counted') {
      this.#framing = 'counted';
      this.#place = { kind: 'counted', left: found.bytes };
      return found.bodyAt;
    }
    if (this.#framing === 'counted') this.misframed += 1;
    else this.#framing = 'lines';
    this.#place = { kind: 'line' };
    return at;
  }

  #count(place: { left: number }, bytes: Uint8Array, position: number, frames: SyslogFrame[]): number {
    const end = Math.min(bytes.length, position + place.left);
    this.#gathered.add(bytes.subarray(position, end));
    place.left -= end - position;
    if (place.left === 0) this.#finish('counted', frames, false);
    return end;
  }

  #line(bytes: Uint8Array, position: number, frames: SyslogFrame[]): number {
    const end = bytes.indexOf(LINE_FEED, position);
    this.#gathered.add(bytes.subarray(position, end === -1 ? bytes.length : end));
    if (end === -1) return bytes.length;
    this.#finish('line', frames, false);
    return end + 1;
  }

  #finish(kind: 'line' | 'counted', frames: SyslogFrame[], isIncomplete: boolean): void {
    const message = this.#gathered.take(kind);
    if (message !== undefined) frames.push({ ...message, isIncomplete });
    this.#place = { kind: 'between' };
  }
}

type Beginning =
  | { readonly kind: 'more' }
  | { readonly kind: 'text' }
  | { readonly kind: 'counted'; readonly bytes: number; readonly bodyAt: number };

const MORE: Beginning = { kind: 'more' };
const TEXT: Beginning = { kind: 'text' };

function beginningAt(bytes: Uint8Array, position: number, framing: 'unknown' | 'counted'): Beginning {
  let at = position;
  let count = 0;
  for (let byte = bytes[at]; isDigit(byte) && at - position <= COUNT_DIGITS; byte = bytes[at]) {
    count = count * 10 + byte - ZERO;
    at += 1;
  }
  const digits = at - position;
  if (bytes[position] === ZERO || digits > COUNT_DIGITS) return TEXT;
  if (at === bytes.length) return MORE;
  if (digits === 0 || bytes[at] !== SPACE) return TEXT;
  const bodyAt = at + 1;
  if (framing === 'counted') return { kind: 'counted', bytes: count, bodyAt };
  // A line of a Cisco device may begin with a year and a space; a message that is counted begins with its priority.
  if (bodyAt === bytes.length) return MORE;
  return bytes[bodyAt] === LESS_THAN ? { kind: 'counted', bytes: count, bodyAt } : TEXT;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function afterSeparators(bytes: Uint8Array, position: number, framing: 'unknown' | 'counted'): number {
  let at = position;
  for (let byte = bytes[at]; at < bytes.length; byte = bytes[at]) {
    if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN && !(byte === 0 && framing === 'counted')) break;
    at += 1;
  }
  return at;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
