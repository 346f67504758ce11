import { describe, expect, it } from 'vitest';
import { filterOf, queryOf } from './filter-query.ts';

describe('queryOf', () => {
  it('shows alternatives of one property as one token', () => {
    const query = queryOf([
      { property: 'severity', operator: '=', value: 'CRITICAL' },
      { property: 'team', operator: '!=', value: 'payments' },
      { property: 'severity', operator: '=', value: 'HIGH' },
      { property: 'severity', operator: '=', value: 'HIGH' },
    ]);

    expect(query.tokens).toEqual([
      { propertyKey: 'severity', operator: '=', value: ['CRITICAL', 'HIGH'] },
      { propertyKey: 'team', operator: '!=', value: ['payments'] },
    ]);
  });

  it('keeps every word of free text as its own token', () => {
    expect(
      queryOf([
        { property: 'text', operator: ':', value: 'a' },
        { property: 'text', operator: '!:', value: 'b' },
      ]).tokens,
    ).toEqual([
      { operator: ':', value: 'a' },
      { operator: '!:', value: 'b' },
    ]);
  });
});

describe('filterOf', () => {
  it('turns one token of many values into alternatives', () => {
    expect(
      filterOf({ operation: 'and', tokens: [{ propertyKey: 'kind', operator: '=', value: ['health', 'guardduty'] }] }),
    ).toEqual([
      { property: 'kind', operator: '=', value: 'health' },
      { property: 'kind', operator: '=', value: 'guardduty' },
    ]);
  });

  it('takes equality of free text for containing it', () => {
    const tokens = [
      { operator: '=' as const, value: ' s3 ' },
      { operator: '!=' as const, value: 'test' },
    ];

    expect(filterOf({ operation: 'and', tokens })).toEqual([
      { property: 'text', operator: ':', value: 's3' },
      { property: 'text', operator: '!:', value: 'test' },
    ]);
  });

  it('leaves out tokens without a value or with an operator of another kind', () => {
    const tokens = [
      { propertyKey: 'team', operator: '=' as const, value: [] },
      { propertyKey: 'team', operator: '=' as const, value: null },
      { propertyKey: 'team', operator: '<' as const, value: 'x' },
    ];

    expect(filterOf({ operation: 'and', tokens })).toEqual([]);
  });

  it('brings back what queryOf was given', () => {
    const filter = [
      { property: 'status', operator: '=', value: 'open' },
      { property: 'status', operator: '=', value: 'resolved' },
      { property: 'account', operator: '!=', value: '111122223333' },
      { property: 'text', operator: ':', value: 'public bucket' },
    ] as const;

    expect(filterOf(queryOf(filter))).toEqual(filter);
  });
});
