import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sqlLiteral, withLiterals } from './with-literals.ts';

it.each([
  ['SELECT ?', ["it's"], "SELECT 'it''s'"],
  ['SELECT \'?\', "?", ? -- ?\n, ?', [1, null], 'SELECT \'?\', "?", 1 -- ?\n, NULL'],
  ["SELECT 'a''?' || ? /* ? */", [true], "SELECT 'a''?' || true /* ? */"],
  ['SELECT ?, ?, ?', [0.5, 1e21, 9007199254740993n], 'SELECT 0.5e0, 1000000000000000000000, 9007199254740993'],
  ['SELECT ?, ?', ['?', '$&'], "SELECT '?', '$&'"],
] as const)('writes the values of %s', (sql, values, expected) => {
  expect(withLiterals(sql, values)).toBe(expected);
});

it.each([
  ['SELECT ?', []],
  ['SELECT 1', ['a']],
] as const)('refuses %s where the numbers do not agree', (sql, values) => {
  expect(() => withLiterals(sql, values)).toThrow(/parameters/);
});

it('lets no text end its literal', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '"', '?', '-', '\\', 'a', '\n', '*', '/') }), (text) => {
      const literal = sqlLiteral(text);
      const body = literal.slice(1, -1);

      expect(literal.startsWith("'") && literal.endsWith("'")).toBe(true);
      expect(body.replaceAll("''", '')).not.toContain("'");
      expect(body.replaceAll("''", "'")).toBe(text);
    }),
  );
});

it('refuses what no engine has a literal for', () => {
  expect(() => sqlLiteral(Number.NaN)).toThrow();
});
