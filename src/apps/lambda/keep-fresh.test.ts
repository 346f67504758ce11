import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../../test/stand-ins/time.ts';
import { keepFresh } from './keep-fresh.ts';

const MINUTE = 60_000;

/** Something that is made, with a number of its own, and that can fail. */
function prepare() {
  const clock = createFakeClock();
  const failures: unknown[] = [];
  const world = { made: 0, broken: undefined as Error | undefined };
  const make = async () => {
    world.made += 1;
    if (world.broken !== undefined) throw world.broken;
    return world.made;
  };
  const current = keepFresh(make, { clock, freshMs: MINUTE, onFailure: (thrown) => failures.push(thrown) });
  return { clock, failures, world, current };
}

describe('what is kept fresh', () => {
  test('is made once for everybody who asks meanwhile', async () => {
    const { current } = prepare();

    expect(await Promise.all([current(), current(), current()])).toEqual([1, 1, 1]);
  });

  test('is made again when it is old, not before', async () => {
    const { clock, current } = prepare();
    await current();
    clock.advance(MINUTE - 1);
    const young = await current();
    clock.advance(1);

    expect([young, await current()]).toEqual([1, 2]);
  });

  test('stays as it was while it cannot be made again, and is tried again a while later', async () => {
    const { clock, failures, world, current } = prepare();
    await current();
    world.broken = new Error('AWS does not answer');
    clock.advance(MINUTE);
    const during = [await current(), await current()];
    world.broken = undefined;
    clock.advance(MINUTE);

    expect(during).toEqual([1, 1]);
    expect(failures).toEqual([new Error('AWS does not answer')]);
    expect(await current()).toBe(3);
  });

  test('fails while there was never anything good, and is tried again at once', async () => {
    const { world, current } = prepare();
    world.broken = new Error('AWS does not answer');
    await expect(current()).rejects.toThrow('AWS does not answer');
    world.broken = undefined;

    expect(await current()).toBe(2);
  });
});
