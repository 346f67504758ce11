export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts a value that can be found again at some place of a document: under a new key, or in place of a value. */
export function plant(document: JsonObject, place: number, key: number, kind: number, token: string): void {
  const objects = objectsOf(document);
  const target = objects[place % objects.length] ?? document;
  const names = Object.keys(target);
  const name = key % 3 === 0 || names.length === 0 ? `new${key % 7}` : (names[key % names.length] ?? 'new');
  const values = [
    token,
    [token],
    { deep: token },
    { deep: { deeper: [token] } },
    [{ inside: token }],
    token.padEnd(40, 'p'),
    { 'a.b': token },
  ];
  target[name] = values[kind % values.length];
}

/** Objects of a document, those in lists too. */
function objectsOf(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return isJsonObject(value) ? [value, ...Object.values(value).flatMap(objectsOf)] : [];
}
