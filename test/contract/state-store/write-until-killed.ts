import { writeSync } from 'node:fs';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { batchOf } from './batches.ts';
import { messageOf } from './fixtures.ts';

/** Writes batches and messages from `first` on, saying each number once its write is acknowledged, until the process is killed. */
async function writeUntilKilled(path: string, first: number): Promise<never> {
  const store = openSqliteStore({ path });
  for (let n = first; ; n += 2) {
    // Two in one turn share a transaction; each is acknowledged by itself.
    await Promise.all([
      store.apply(batchOf(n)).then(() => writeSync(1, `batch ${n}\n`)),
      store.apply(batchOf(n + 1)).then(() => writeSync(1, `batch ${n + 1}\n`)),
      store.saveMessages([messageOf(`message ${n}`)]).then(() => writeSync(1, `message ${n}\n`)),
    ]);
  }
}

const [path = '', first = '0'] = process.argv.slice(2);
await writeUntilKilled(path, Number(first));
