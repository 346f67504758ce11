import { hash } from 'node:crypto';
import type { Connection } from './connection.ts';

export type HashIndex = {
  /** All of them run inside a transaction of the caller. */
  add(hash: number, id: number): void;
  remove(hash: number, id: number): void;
  /** Moves the newest entries to the others when they have become many; called once per transaction. */
  settle(): void;
};

/** About 40 pages of newest entries. */
const MAX_NEW = 8_192;

/** Writes entries of one of the indices that `hashIndexTables` of the schema makes. */
export function hashIndex(connection: Connection, name: string): HashIndex {
  const insert = connection.prepare(`INSERT INTO ${name}_new (hash, id) VALUES (?, ?)`);
  const count = connection.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${name}_new`);
  const move = connection.prepare(
    `INSERT INTO ${name}_old (hash, id) SELECT hash, id FROM ${name}_new ORDER BY hash, id`,
  );
  const clear = connection.prepare(`DELETE FROM ${name}_new`);
  const removals = ['new', 'old'].map((part) =>
    connection.prepare(`DELETE FROM ${name}_${part} WHERE hash = ? AND id = ?`),
  );
  return {
    remove: (hashed, id) => {
      for (const removal of removals) removal.run(hashed, id);
    },
    add: (hashed, id) => {
      insert.run(hashed, id);
    },
    settle: () => {
      if ((count.get()?.n ?? 0) <= MAX_NEW) return;
      move.run();
      clear.run();
    },
  };
}

/** 48 bits of a column's text. Nobody can choose texts that meet in one value. */
export function hashOf(column: string): number {
  return Number.parseInt(hash('sha1', column).slice(0, 12), 16);
}
