const known = new Map<string, string>();
/** Hostile JSON may have any number of keys. */
const maximumKnown = 1000;

/**
 * A field's name as CloudFront's Parquet files spell it: `cs(User-Agent)` and `cs-user-agent` are `cs_user_agent`. All
 * formats of the log come to the same names by it.
 */
export function plainName(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  const result = plain === '' ? '_' : plain;
  if (known.size < maximumKnown && name.length < 100) known.set(name, result);
  return result;
}
