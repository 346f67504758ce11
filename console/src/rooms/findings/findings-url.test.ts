import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_FILTER,
  FILTER_PROPERTIES,
  type FindingsView,
  findingsRoomPath,
  readFindingsView,
  SORT_FIELDS,
  writeFindingsView,
} from './findings-url.ts';

const read = (search: string) => readFindingsView(new URLSearchParams(search));
const usual: FindingsView = { filter: DEFAULT_FILTER, sort: 'lastSeenAt', order: 'desc', page: 1 };

describe('the address of the findings', () => {
  it('shows what is open when it says nothing', () => {
    expect(read('')).toEqual(usual);
  });

  it('stays empty for the usual view', () => {
    expect(writeFindingsView(usual).toString()).toBe('');
  });

  it('keeps a view that was cleared of its filter', () => {
    expect(read(writeFindingsView({ ...usual, filter: [] }).toString()).filter).toEqual([]);
  });

  it('keeps every view', () => {
    const token = fc.record({
      property: fc.constantFrom(...FILTER_PROPERTIES, 'text' as const),
      operator: fc.constantFrom('=' as const, '!=' as const, ':' as const, '!:' as const),
      value: fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => value.isWellFormed()),
    });
    const view = fc.record({
      filter: fc.array(token, { maxLength: 8 }),
      sort: fc.constantFrom(...SORT_FIELDS),
      order: fc.constantFrom('asc' as const, 'desc' as const),
      page: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(view, (given) => {
        expect(read(writeFindingsView(given).toString())).toEqual(given);
      }),
      { seed: 11 },
    );
  });

  it.each([
    ['a filter that is cut', 'filter=%5B%7B%22prop', usual],
    ['a filter that is no list', 'filter=%7B%7D', usual],
    ['an unknown order and page', 'sort=password&order=up&page=-3', usual],
    ['a page that is no number', 'page=1e999', usual],
  ])('reads %s as the usual view', (_name, search, expected) => {
    expect(read(search)).toEqual(expected);
  });

  it('drops tokens it does not know and keeps the others', () => {
    const filter = JSON.stringify([
      { property: 'password', operator: '=', value: 'x' },
      { property: 'team', operator: '<', value: 'x' },
      { property: 'team', operator: '=', value: 7 },
      null,
      { property: 'team', operator: '=', value: 'payments' },
    ]);

    expect(read(`filter=${encodeURIComponent(filter)}`).filter).toEqual([
      { property: 'team', operator: '=', value: 'payments' },
    ]);
  });

  it('leads to the findings of a team', () => {
    const path = findingsRoomPath([{ property: 'team', operator: '=', value: '-' }]);

    expect(read(path.split('?')[1] ?? '').filter).toEqual([{ property: 'team', operator: '=', value: '-' }]);
  });
});
