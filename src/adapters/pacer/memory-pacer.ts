import type { Pacer } from '#ports/pacer.ts';

/** Keeps rates within one process. */
export function createMemoryPacer(): Pacer {
  const free = new Map<string, number>();
  return {
    takeTurn: async (key, now, intervalMs) => {
      const at = free.get(key) ?? 0;
      if (at > now) return { ready: false, at };
      free.set(key, now + intervalMs);
      return { ready: true };
    },
    pause: async (key, until) => {
      free.set(key, Math.max(free.get(key) ?? 0, until));
    },
  };
}
