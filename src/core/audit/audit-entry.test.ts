import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditDraft, type AuditEntry, brokenLink, canonical, chain, GENESIS_HASH } from './audit-entry.ts';

const draft: fc.Arbitrary<AuditDraft> = fc.record({
  at: fc.nat(),
  actor: fc.string(),
  action: fc.string(),
  target: fc.string(),
  detail: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
});

function chained(drafts: readonly AuditDraft[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const one of drafts) entries.push(chain(one, entries.at(-1)));
  return entries;
}

function firstBroken(entries: readonly AuditEntry[]): number {
  return entries.findIndex((entry, index) => brokenLink(entry, entries[index - 1]) !== undefined);
}

describe('the audit chain', () => {
  it('holds whatever is written into it, also after a store returned the keys in another order', () => {
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 6 }), (drafts) => {
        const entries = chained(drafts);
        const stored = entries.map(
          (entry) => JSON.parse(canonical(JSON.parse(JSON.stringify(entry))), reversed) as AuditEntry,
        );

        expect(firstBroken(stored)).toBe(-1);
        expect(entries.map(({ sequence }) => sequence)).toEqual(drafts.map((_, index) => index + 1));
        if (entries[0] !== undefined) expect(entries[0].previous).toBe(GENESIS_HASH);
      }),
    );
  });

  it('breaks at the entry of which anything was changed', () => {
    const change = fc.constantFrom<(entry: AuditEntry) => AuditEntry>(
      (entry) => ({ ...entry, at: entry.at + 1 }),
      (entry) => ({ ...entry, actor: `${entry.actor}x` }),
      (entry) => ({ ...entry, action: `${entry.action}x` }),
      (entry) => ({ ...entry, target: `${entry.target}x` }),
      (entry) => ({ ...entry, detail: { ...entry.detail, more: 1 } }),
      (entry) => ({ ...entry, sequence: entry.sequence + 1 }),
      (entry) => ({ ...entry, previous: GENESIS_HASH.replace('0', '1') }),
      (entry) => ({ ...entry, hash: GENESIS_HASH }),
    );
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 6 }), fc.nat(), change, (drafts, place, tamper) => {
        const entries = chained(drafts);
        const at = place % entries.length;

        const tampered = entries.map((entry, index) => (index === at ? tamper(entry) : entry));

        expect(firstBroken(tampered)).toBe(at);
      }),
    );
  });

  it('breaks where an entry was taken out or two changed places', () => {
    const entries = chained(
      Array.from({ length: 5 }, (_, index) => ({ at: index, actor: 'a', action: 'b', target: 'c', detail: {} })),
    );
    const [one, two, three, four, five] = entries as [AuditEntry, AuditEntry, AuditEntry, AuditEntry, AuditEntry];

    expect(firstBroken([one, two, four, five])).toBe(2);
    expect(firstBroken([two, three])).toBe(0);
    expect(firstBroken([one, three, two, four])).toBe(1);
    expect(brokenLink(four, two)).toBe('entry 3 is missing');
  });

  it('does not take one text for two fields', () => {
    const base = { at: 1, actor: 'a', action: 'bc', target: 'd', detail: {} };

    expect(chain(base, undefined).hash).not.toBe(chain({ ...base, actor: 'ab', action: 'c' }, undefined).hash);
  });
});

function reversed(_key: string, value: unknown): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).reverse())
    : value;
}
