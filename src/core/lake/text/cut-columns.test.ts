import { describe, expect, it } from 'vitest';
import { withCutColumns } from './cut-columns.ts';

describe('withCutColumns', () => {
  it('cuts what OCSF would not take, and keeps it whole in the rest', () => {
    const long = 'x'.repeat(70_000);

    const row = withCutColumns({ user: long, count: 1, name: null, rest: { other: 'y' } });

    expect(row).toEqual({ user: 'x'.repeat(65_535), count: 1, name: null, rest: { user: long, other: 'y' } });
  });

  it('leaves any other row alone', () => {
    const row = { user: 'x'.repeat(65_535), rest: {} };

    expect(withCutColumns(row)).toBe(row);
  });
});
