import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, NEWLINE, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts';

/** 1: plain text inside a string. 2: plain text outside. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => {
  const inside = byte !== QUOTE && byte !== BACKSLASH && byte !== NEWLINE;
  const outside = ![QUOTE, OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY].includes(byte);
  return (inside ? 1 : 0) + (outside ? 2 : 0);
});

/** Passes over bytes that cannot be held, in pieces that may end anywhere. */
export type Skipper = {
  /** Where they end; `isLost` where a string cannot go on, so that the quotes no longer pair; undefined when they go on. */
  skip(bytes: Buffer, from: number): { readonly end: number; readonly isLost: boolean } | undefined;
};

/** Passes over the rest of a line. */
export const lineSkipper: Skipper = {
  skip(bytes, from) {
    const end = bytes.indexOf(NEWLINE, from);
    return end === -1 ? undefined : { end, isLost: false };
  },
};

/** Passes over a JSON value. */
export class JsonSkipper implements Skipper {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  skip(bytes: Buffer, from: number): { readonly end: number; readonly isLost: boolean } | undefined {
    let at = from;
    if (this.#isEscaped && at < bytes.length) {
      this.#isEscaped = false;
      at += 1;
    }
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.#isInString) {
        if (((PLAIN[byte] ?? 0) & 1) === 1) continue;
        if (byte === NEWLINE) return { end: at, isLost: true };
        if (byte === QUOTE) this.#isInString = false;
        else if (at + 1 === bytes.length) this.#isEscaped = true;
        else at += 1;
        continue;
      }
      if (((PLAIN[byte] ?? 0) & 2) === 2) continue;
      if (byte === QUOTE) this.#isInString = true;
      else this.#depth += byte === OPEN_OBJECT || byte === OPEN_ARRAY ? 1 : -1;
      if (this.#depth <= 0 && !this.#isInString) return { end: at + 1, isLost: false };
    }
    return undefined;
  }
}
