/** Values by the names that a record gives them. */
export type NamedValues = Readonly<Record<string, string>>;

/** Collects values under names that a sender chose. */
export interface NameCollector {
  readonly values: NamedValues;
  readonly size: number;
  /** Keeps every value: that of a repeated name under `name (2)`, so that a later one never replaces an earlier one. */
  add(name: string, value: string): void;
}

/** An empty collection; it has no prototype, so that `__proto__` is a name like any other. */
export function collectNames(): NameCollector {
  const values: Record<string, string> = Object.create(null);
  const counts = new Map<string, number>();
  let size = 0;
  return {
    values,
    get size() {
      return size;
    },
    add: (name, value) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      size += 1;
      values[count === 1 ? name : freeName(name, count, values)] = value;
    },
  };
}

function freeName(name: string, count: number, taken: NamedValues): string {
  let number = count;
  while (`${name} (${number})` in taken) number += 1;
  return `${name} (${number})`;
}
