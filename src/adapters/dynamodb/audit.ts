import type { AuditDraft, AuditEntry } from '#core/audit/audit-entry.ts';
import { chain } from '#core/audit/audit-entry.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Random, Sleeper } from '#ports/clock.ts';
import type { AuditStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { auditItemKey, padded } from './keys.ts';
import { packedInline } from './parcel.ts';

type Tools = {
  readonly table: DynamoTable;
  readonly contents: Contents;
  readonly random: Random;
  readonly sleeper: Sleeper;
};

const MAX_TRIES = 30;
const LONGEST_PAUSE_MS = 200;
const LARGEST_PAGE = 1_000;

/** The audit chain: each entry is put where its number is still free, so two writers can never fork it. It never expires. */
export function createAudit({ table, contents, random, sleeper }: Tools): AuditStore {
  let last: AuditEntry | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function newest(): Promise<AuditEntry | undefined> {
    const { value: page } = await table.pages({ pk: 'A', descending: true, pageSize: 1 }).next();
    const item = page?.[0];
    // Audit items hold audit entries.
    return item === undefined ? undefined : ((await contents.valueIn(item)) as AuditEntry);
  }

  async function append(draft: AuditDraft): Promise<AuditEntry> {
    last ??= await newest();
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const entry = chain(draft, last);
      const isOurs = await put(table, entry, random.id());
      last = isOurs ? entry : await newest();
      if (isOurs) return entry;
      await sleeper.sleep(LONGEST_PAUSE_MS * random.next());
    }
    throw new YaguraError(
      'store.conflict',
      `Cannot append to the audit log in table ${table.name}: others appended ${MAX_TRIES} times meanwhile. Try again.`,
      { retryable: true },
    );
  }

  return {
    // One at a time here, so that a process only competes with others, not with itself.
    appendAudit: (draft) => {
      const appended = turn.then(() => append(draft));
      turn = appended.catch(() => undefined);
      return appended;
    },
    auditEntries: async (after, limit) => {
      const entries: AuditEntry[] = [];
      if (limit < 1) return entries;
      const pages = table.pages({ pk: 'A', after: padded(after), pageSize: Math.min(limit, LARGEST_PAGE) });
      for await (const page of pages) {
        for (const item of page) entries.push((await contents.valueIn(item)) as AuditEntry);
        if (entries.length >= limit) break;
      }
      return entries.slice(0, limit);
    },
  };
}

/** False when the number is taken; `mark` tells our own entry whose answer was lost from somebody else's. */
async function put(table: DynamoTable, entry: AuditEntry, mark: string): Promise<boolean> {
  const key = auditItemKey(entry.sequence);
  const item = { ...key, ...packedInline(entry, `audit entry "${entry.action}"`), mark };
  const { written } = await table.write({ kind: 'put', item, condition: 'attribute_not_exists(pk)' });
  return written || (await table.get(key))?.['mark'] === mark;
}
