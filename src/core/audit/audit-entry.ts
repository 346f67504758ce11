import { createHash } from 'node:crypto';

export type AuditDraft = {
  readonly at: number;
  /** A person (`slack:U123`, `console:local`, `cli:name`) or the program (`yagura`). */
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** One link of the chain; `hash` covers every other field, `previous` the entry before. */
export type AuditEntry = AuditDraft & { readonly sequence: number; readonly previous: string; readonly hash: string };

export const GENESIS_HASH = '0'.repeat(64);

/** Appends a draft to the chain whose last entry is given (undefined: the chain starts). */
export function chain(draft: AuditDraft, last: Pick<AuditEntry, 'sequence' | 'hash'> | undefined): AuditEntry {
  const sequence = (last?.sequence ?? 0) + 1;
  const previous = last?.hash ?? GENESIS_HASH;
  return { ...draft, sequence, previous, hash: hashOf(draft, sequence, previous) };
}

export type ChainVerdict = { ok: true; entries: number } | { ok: false; sequence: number; problem: string };

/** Checks one link against the one before; undefined when it fits. */
export function brokenLink(entry: AuditEntry, last: AuditEntry | undefined): string | undefined {
  if (entry.sequence !== (last?.sequence ?? 0) + 1) return `entry ${(last?.sequence ?? 0) + 1} is missing`;
  if (entry.previous !== (last?.hash ?? GENESIS_HASH)) return 'does not follow the entry before it';
  return entry.hash === hashOf(entry, entry.sequence, entry.previous)
    ? undefined
    : 'its content does not match its hash';
}

function hashOf(draft: AuditDraft, sequence: number, previous: string): string {
  const content = canonical([sequence, previous, draft.at, draft.actor, draft.action, draft.target, draft.detail]);
  return createHash('sha256').update(content).digest('hex');
}

/** JSON with sorted keys, so that a store may return them in any order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : item,
  );
}
