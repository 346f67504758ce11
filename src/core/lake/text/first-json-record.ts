import type { ObjectSample } from '#core/lake/source/log-source.ts';

/** The first JSON object of a sample: its first document, or the first element of a bare array. */
export function firstJsonRecord(sample: ObjectSample): Readonly<Record<string, unknown>> | undefined {
  const first: unknown = Array.isArray(sample.firstJson) ? sample.firstJson[0] : sample.firstJson;
  return isRecord(first) ? first : undefined;
}

/** True where the sample's first JSON object has all these keys. */
export function hasKeys(record: unknown, keys: readonly string[]): boolean {
  return isRecord(record) && keys.every((key) => Object.hasOwn(record, key));
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
