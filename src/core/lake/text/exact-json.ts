/** Parts of JSON that TypeScript's library does not describe yet; every Node from 21 on has them. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
}

const exactJson = JSON as unknown as ExactJson; // see the interface

/** Numbers of so many digits, or with an exponent, may differ from every double. */
const longNumber = /[:,[\s]-?(?:[\d.]{16}|[\d.]+[eE])/;

/**
 * JSON.parse, except that a number which a double cannot hold keeps its text: JSON.stringify writes it as it stood.
 * Configuration items and findings hold identifiers of 64 bits.
 */
export function parseExactJson(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);
  return exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exactJson.rawJSON(source) : value,
  );
}

/** True for a number that `parseExactJson` kept as text. */
export function isExactNumber(value: unknown): boolean {
  return exactJson.isRawJSON(value);
}
