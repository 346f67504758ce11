import { describe, expect, it } from 'vitest';
import { readSearchView, withTerm, writeSearchView } from './search-url.ts';

describe('the address of a search', () => {
  it('holds the query and the range', () => {
    const view = { query: 'user:"a b" -ip:203.0.113.0/24', from: '1763942400000', to: '1763946000000' };

    expect(readSearchView(new URLSearchParams(writeSearchView(view).toString()))).toEqual(view);
  });

  it('is the last day where it says nothing or nonsense', () => {
    expect(readSearchView(new URLSearchParams('from=yesterday&to=%00'))).toEqual({
      query: '',
      from: '-24h',
      to: 'now',
    });
  });
});

describe('a condition that is added', () => {
  it.each([
    ['', 'status', 'Failure', '', 'status:"Failure"'],
    ['user:alice', 'status', 'a" OR "b', '-', 'user:alice -status:"a\\" OR \\"b"'],
    ['a OR b', 'region', 'us-east-1', '', '(a OR b) region:"us-east-1"'],
  ] as const)('to %j', (query, field, value, sign, expected) => {
    expect(withTerm(query, field, value, sign)).toBe(expected);
  });
});
