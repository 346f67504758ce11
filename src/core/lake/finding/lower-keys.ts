import { isJsonObject } from '#core/lake/text/json-object.ts';

/** Deeper keys are left as they are. */
const maximumDepth = 40;

/**
 * A copy whose keys begin with a small letter: the APIs of GuardDuty and Security Hub write `IpAddressV4` where events have
 * `ipAddressV4`. A key that would meet another one is left as it is.
 */
export function lowerKeys(value: unknown, depth = 0): unknown {
  if (depth > maximumDepth) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => lowerKeys(element, depth + 1));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const lower = key.charAt(0).toLowerCase() + key.slice(1);
    return [lower !== key && Object.hasOwn(value, lower) ? key : lower, lowerKeys(inner, depth + 1)] as const;
  });
  return Object.fromEntries(entries);
}
