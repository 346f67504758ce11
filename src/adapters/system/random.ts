import { randomBytes } from 'node:crypto';
import type { Random } from '#ports/clock.ts';

const ID_BYTES = 15;

/** Cryptographic randomness. */
export function createSystemRandom(): Random {
  return {
    // 48 bits are exact in a double and more than jitter needs.
    next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    id: () => randomBytes(ID_BYTES).toString('base64url'),
  };
}
