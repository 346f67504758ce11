import { describe, expect, it } from 'vitest';
import type { MessageRow } from '#ports/http-api.ts';
import { byDay, type Feed, withNewest, withOlder } from './feed.ts';

const row = (id: string, sentAt: number, text = id) => ({ id, sentAt, text }) as unknown as MessageRow;
const ids = (feed: Feed) => feed.items.map((item) => item.id).join();
const page = (rows: MessageRow[], nextToken: string | null, total = 9) => ({ items: rows, total, nextToken });

describe('withNewest', () => {
  const shown = page([row('d', 4), row('c', 3), row('b', 2), row('a', 1)], null);

  it('starts with the first page', () => {
    expect(withNewest(undefined, page([row('a', 1)], 't'))).toEqual(page([row('a', 1)], 't'));
  });

  it('puts new messages on top and keeps the older pages', () => {
    const fed = withNewest(shown, page([row('e', 5), row('d', 4)], 't', 10));

    expect([ids(fed), fed.total, fed.nextToken]).toEqual(['e,d,c,b,a', 10, null]);
  });

  it('shows the edited text of a message', () => {
    const fed = withNewest(shown, page([row('d', 4, 'edited'), row('c', 3)], 't'));

    expect(fed.items[0]?.text).toBe('edited');
  });

  it('starts again rather than hide a gap', () => {
    const fed = withNewest(shown, page([row('z', 20), row('y', 19)], 't'));

    expect([ids(fed), fed.nextToken]).toEqual(['z,y', 't']);
  });

  it('forgets everything that is no longer there', () => {
    expect(ids(withNewest(shown, page([row('d', 4)], null, 1)))).toBe('d');
    expect(ids(withNewest(shown, page([row('d', 4), row('b', 2)], 't', 3)))).toBe('d,b,a');
  });
});

describe('withOlder', () => {
  it('adds a page once, even when it overlaps', () => {
    const fed = withOlder(page([row('c', 3), row('b', 2)], 't'), page([row('b', 2), row('a', 1)], null));

    expect([ids(fed), fed.nextToken]).toEqual(['c,b,a', null]);
  });
});

describe('byDay', () => {
  it('puts messages of one day together', () => {
    const days = byDay([row('c', 25), row('b', 21), row('a', 3)], (at) => String(Math.floor(at / 10)));

    expect(days.map((day) => [day.key, day.items.map((item) => item.id).join()])).toEqual([
      ['2', 'c,b'],
      ['0', 'a'],
    ]);
  });
});
