import type { Clock, Random } from '#ports/clock.ts';
import { padded } from './keys.ts';

/** Gives texts that sort in the order they were asked for. */
export type Sequence = () => string;

const PER_MS = 1_000;

/**
 * The order of writing: by time, and exact within one process, also when its clock stands still or is set back. Two processes
 * that write in the same millisecond have no order between them, and need none: nobody saw one before the other.
 */
export function createSequence(clock: Clock, random: Random): Sequence {
  const writer = random.id().slice(0, 6);
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock.now() * PER_MS);
    return `${padded(last)}${writer}`;
  };
}
