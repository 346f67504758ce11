import type { Pacer } from '#ports/pacer.ts';
import type { SettingStore } from '#ports/state-store.ts';

const MAX_TRIES = 10;

/** Keeps rates across workers, by compare-and-set on one setting per destination. */
export function createStorePacer(store: SettingStore): Pacer {
  const name = (key: string) => `pace.${key}`;
  return {
    takeTurn: async (key, now, intervalMs) => {
      const stored = await store.setting(name(key));
      const at = Number(stored ?? 0);
      if (at > now) return { ready: false, at };
      const taken = await store.putSetting(name(key), String(now + intervalMs), { value: stored });
      // Somebody else took this turn at the same moment.
      return taken ? { ready: true } : { ready: false, at: now + Math.max(intervalMs, 50) };
    },
    pause: async (key, until) => {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const stored = await store.setting(name(key));
        if (Number(stored ?? 0) >= until) return;
        if (await store.putSetting(name(key), String(until), { value: stored })) return;
      }
    },
  };
}
