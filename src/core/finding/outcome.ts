/** A record that could not be understood is a value, so that its neighbours go on. */
export type Rejected = { ok: false; reason: 'envelope' | 'schema' | 'size'; detail: string };
export type Outcome<T> = { ok: true; value: T } | Rejected;

/** Wraps a good value. */
export function ok<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** Says why a record was not understood. */
export function rejected(reason: Rejected['reason'], detail: string): Rejected {
  return { ok: false, reason, detail };
}
