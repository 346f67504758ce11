import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';

/** One worker's life. What a dead worker asked for is never answered, as after kill -9: it neither goes on nor fails. */
export type Life = {
  readonly died: Promise<void>;
  /** Runs a call of the worker; it dies before or after it when the test says so. */
  during<T>(name: string, call: () => Promise<T>): Promise<T>;
  end(): void;
};

export type Moment = 'before' | 'after';

/** Is asked at every call of a port, twice: before and after it. */
export type MayDie = (call: string, moment: Moment) => boolean;

/** A life that ends when `mayDie` says so. */
export function createLife(mayDie: MayDie = () => false): Life {
  const death = Promise.withResolvers<void>();
  let isDead = false;
  const end = () => {
    isDead = true;
    death.resolve();
  };
  const passes = (name: string, moment: Moment) => {
    if (!isDead && mayDie(name, moment)) end();
    return !isDead;
  };
  const never = <T>() => new Promise<T>(() => {});
  return {
    died: death.promise,
    end,
    during: async (name, call) => {
      if (!passes(name, 'before')) return await never();
      try {
        const value = await call();
        return passes(name, 'after') ? value : await never();
      } catch (thrown) {
        if (passes(name, 'after')) throw thrown;
        return await never();
      }
    },
  };
}

/** The ports of one worker: everything it does to the world ends with its life. */
export function mortal(ports: DeliveryPorts, life: Life): DeliveryPorts {
  const { chat } = ports;
  return {
    ...ports,
    store: mortalPort(ports.store, life),
    pacer: mortalPort(ports.pacer, life),
    sleeper: mortalPort(ports.sleeper, life),
    chat: { ...mortalPort(chat, life), canEdit: (destination) => chat.canEdit(destination) },
  };
}

function mortalPort<T extends object>(port: T, life: Life): T {
  const methods = Object.entries(port).map(([name, method]: [string, unknown]) => [
    name,
    typeof method === 'function'
      ? (...args: unknown[]) => life.during(name, async () => await method(...args))
      : method,
  ]);
  // The same methods with the same promises, but for the last one of a life.
  return Object.fromEntries(methods) as T;
}
