import { isExactNumber, parseExactJson } from './exact-json.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** As deep as the records of an object may be; a text inside a record is not bounded by the decoder. */
const maximumDepth = 512;

/** True for an object that is no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/** The object that a text holds as JSON, if it holds one that is not too deep. */
export function jsonObjectIn(text: unknown): JsonObject | undefined {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{') || isDeep(text)) return undefined;
  try {
    const value = parseExactJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A copy without some keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** A copy with more values; one whose name is taken gets another name, so that nothing is overwritten. */
export function withAlso(object: JsonObject, more: JsonObject): JsonObject {
  const all: Record<string, unknown> = { ...object };
  for (const [key, value] of Object.entries(more)) {
    let free = key;
    while (Object.hasOwn(all, free)) free = `${free}_`;
    all[free] = value;
  }
  return all;
}

/** Counts brackets outside strings. */
function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') depth -= 1;
    if (depth > maximumDepth) return true;
  }
  return false;
}
