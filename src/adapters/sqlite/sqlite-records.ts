import type { AuditEntry } from '#core/audit/audit-entry.ts';
import { chain } from '#core/audit/audit-entry.ts';
import type { Exception } from '#core/notification/exception.ts';
import type { AuditStore, ExceptionStore, SettingStore, UnknownEventStore } from '#ports/state-store.ts';
import type { Connection } from './connection.ts';
import { fromColumn, fromEventColumn, toColumn, toEventColumn } from './text.ts';

/** Accepted risks. */
export function sqliteExceptions(connection: Connection): ExceptionStore {
  const all = connection.prepare<{ exception: string; silenced: number }>(
    'SELECT exception, silenced FROM exception ORDER BY created_at DESC, rowid DESC',
  );
  const save = connection.prepare(
    `INSERT INTO exception (id, created_at, silenced, exception) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, exception = excluded.exception`,
  );
  const count = connection.prepare('UPDATE exception SET silenced = silenced + ? WHERE id = ?');
  return {
    exceptions: () =>
      connection.read('read exceptions', () =>
        // Written by saveException; the count has a column of its own.
        all.all().map((row) => ({ ...(JSON.parse(row.exception) as Exception), silenced: row.silenced })),
      ),
    saveException: async (exception) => {
      const { id, createdAt, silenced } = exception;
      await connection.write('write an exception', () =>
        save.run(toColumn(id), createdAt, silenced, JSON.stringify(exception)),
      );
    },
    countSilenced: async (counts) => {
      if (counts.size === 0) return;
      await connection.write('count silenced events', () => {
        for (const [id, silenced] of counts) count.run(silenced, toColumn(id));
      });
    },
  };
}

/** The audit chain; the transaction that reads the last entry also writes the next. */
export function sqliteAudit(connection: Connection): AuditStore {
  const last = connection.prepare<{ sequence: number; hash: string }>(
    'SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1',
  );
  const insert = connection.prepare('INSERT INTO audit (sequence, hash, entry) VALUES (?, ?, ?)');
  const page = connection.prepare<{ entry: string }>(
    'SELECT entry FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?',
  );
  return {
    appendAudit: (draft) =>
      connection.write('write the audit log', () => {
        const entry = chain(draft, last.get());
        insert.run(entry.sequence, entry.hash, JSON.stringify(entry));
        return entry;
      }),
    auditEntries: (after, limit) =>
      // Written by appendAudit; whoever verifies the chain recomputes the hashes.
      connection.read('read the audit log', () =>
        page.all(after, limit).map((row) => JSON.parse(row.entry) as AuditEntry),
      ),
  };
}

/** Events nobody understood. */
export function sqliteUnknownEvents(connection: Connection): UnknownEventStore {
  const insert = connection.prepare(
    'INSERT INTO unknown_event (id, at, detail_type, reason, raw) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const counts = connection.prepare<{ detail_type: string; reason: string; count: number }>(
    'SELECT detail_type, reason, count(*) AS count FROM unknown_event GROUP BY detail_type, reason',
  );
  const newest = connection.prepare<{
    id: string;
    at: number;
    detail_type: string;
    reason: string;
    raw: string | Uint8Array;
  }>('SELECT id, at, detail_type, reason, raw FROM unknown_event ORDER BY at DESC, sequence DESC LIMIT ?');
  return {
    keepUnknown: async (events) => {
      if (events.length === 0) return;
      await connection.write('keep unknown events', () => {
        for (const { id, at, detailType, reason, raw } of events) {
          insert.run(toColumn(id), at, toColumn(detailType), toColumn(reason), toEventColumn(toColumn(raw)));
        }
      });
    },
    unknownCounts: () =>
      connection.read('count unknown events', () =>
        counts.all().map(({ detail_type, reason, count }) => ({
          detailType: fromColumn(detail_type),
          reason: fromColumn(reason),
          count,
        })),
      ),
    unknownEvents: (limit) =>
      connection.read('read unknown events', () =>
        newest.all(limit).map(({ id, at, detail_type, reason, raw }) => ({
          id: fromColumn(id),
          at,
          detailType: fromColumn(detail_type),
          reason: fromColumn(reason),
          raw: fromColumn(fromEventColumn(raw)),
        })),
      ),
  };
}

/** Small named values. */
export function sqliteSettings(connection: Connection): SettingStore {
  const get = connection.prepare<{ value: string }>('SELECT value FROM setting WHERE name = ?');
  const put = connection.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)');
  return {
    setting: (name) =>
      connection.read('read a setting', () => {
        const row = get.get(toColumn(name));
        return row === undefined ? undefined : fromColumn(row.value);
      }),
    putSetting: (name, value, expected) =>
      connection.write('write a setting', () => {
        const wanted = expected?.value === undefined ? undefined : toColumn(expected.value);
        if (expected !== undefined && get.get(toColumn(name))?.value !== wanted) return false;
        put.run(toColumn(name), toColumn(value));
        return true;
      }),
  };
}
