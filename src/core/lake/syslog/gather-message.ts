const CARRIAGE_RETURN = 0x0d;
const FIRST_BUFFER_BYTES = 1024;

export type GatheredMessage = { readonly bytes: Uint8Array; readonly cutBytes: number };

export type Gatherer = {
  /** Copies these bytes, so that the chunk they are in may be used again. */
  add(bytes: Uint8Array): void;
  /** The message gathered, undefined when it is empty; starts anew. A line loses the carriage return before its line feed. */
  take(kind: 'line' | 'counted'): GatheredMessage | undefined;
};

/** Collects one message over chunks, and never holds more of it than the limit and a carriage return. */
export function gatherMessage(limitBytes: number): Gatherer {
  let kept: Uint8Array = new Uint8Array(0);
  let length = 0;
  let total = 0;
  let last: number | undefined;
  return {
    add: (bytes) => {
      if (bytes.length === 0) return;
      const fitting = bytes.subarray(0, Math.max(0, limitBytes + 1 - length));
      if (length === 0) kept = new Uint8Array(fitting);
      else if (fitting.length > 0) {
        kept = withRoom(kept, length, fitting.length, limitBytes + 1);
        kept.set(fitting, length);
      }
      length += fitting.length;
      total += bytes.length;
      last = bytes.at(-1);
    },
    take: (kind) => {
      const size = kind === 'line' && last === CARRIAGE_RETURN ? total - 1 : total;
      const end = size > limitBytes ? characterStart(kept, limitBytes) : size;
      const bytes = kept.subarray(0, end);
      kept = new Uint8Array(0);
      length = 0;
      total = 0;
      last = undefined;
      return size === 0 ? undefined : { bytes, cutBytes: size - end };
    },
  };
}

function withRoom(kept: Uint8Array, length: number, more: number, largest: number): Uint8Array {
  if (kept.length >= length + more) return kept;
  const grown = new Uint8Array(Math.min(largest, Math.max(FIRST_BUFFER_BYTES, 2 * (length + more))));
  grown.set(kept.subarray(0, length));
  return grown;
}

/** The start of the UTF-8 character that lies across a position, or the position itself. */
function characterStart(bytes: Uint8Array, position: number): number {
  for (let back = 0; back <= 3; back += 1) {
    const byte = bytes[position - back] ?? 0;
    if (byte >= 0xc0) return position - back;
    if (byte < 0x80) break;
  }
  return position;
}
