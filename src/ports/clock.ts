/** Epoch ms. The only source of time for core and adapters. */
export interface Clock {
  now(): number;
}

/** Waiting is a port too, so that tests need not wait. */
export interface Sleeper {
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Seeded or cryptographic; gives ids and jitter. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** URL-safe, at least 96 bits. */
  id(): string;
}
