import type { Clock } from '#ports/clock.ts';

export type Freshness = {
  readonly clock: Clock;
  readonly freshMs: number;
  /** Told when something could not be made again and what was good before serves on. */
  readonly onFailure: (thrown: unknown) => void;
};

/** Keeps what `make` gives and makes it again when it is old; while that fails, what was good before serves on. */
export function keepFresh<T>(make: () => Promise<T>, { clock, freshMs, onFailure }: Freshness): () => Promise<T> {
  let good: { readonly value: T; readonly until: number } | undefined;
  let making: Promise<T> | undefined;

  const renew = async (): Promise<T> => {
    const value = await make().catch((thrown: unknown) => {
      if (good === undefined) throw thrown;
      onFailure(thrown);
      return good.value;
    });
    good = { value, until: clock.now() + freshMs };
    return value;
  };

  return async () => {
    if (good !== undefined && clock.now() < good.until) return good.value;
    making ??= renew().finally(() => {
      making = undefined;
    });
    return await making;
  };
}
