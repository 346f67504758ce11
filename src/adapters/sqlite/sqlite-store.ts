import type { StateStore } from '#ports/state-store.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './connection.ts';
import { sqliteMessages } from './sqlite-messages.ts';
import { sqliteOutbox } from './sqlite-outbox.ts';
import { sqliteProblems } from './sqlite-problems.ts';
import { sqlitePruning } from './sqlite-pruning.ts';
import { sqliteAudit, sqliteExceptions, sqliteSettings, sqliteUnknownEvents } from './sqlite-records.ts';

/**
 * Opens the state in one SQLite file, which several processes may share; `:memory:` keeps it in this process alone.
 * @example const store = openSqliteStore({ path: join(dataFolder, 'state.db') });
 */
export function openSqliteStore(options: { readonly path: string }): StateStore {
  return sqliteStoreOn(openConnection(options.path));
}

/** The state store on an open connection. */
export function sqliteStoreOn(connection: Connection): StateStore {
  const { outbox, writer, settleItems } = sqliteOutbox(connection);
  const { writeThread, writeMessage, ...messages } = sqliteMessages(connection);
  return {
    ...sqliteProblems(connection, writer),
    ...outbox,
    ...messages,
    ...sqliteExceptions(connection),
    ...sqliteAudit(connection),
    ...sqliteUnknownEvents(connection),
    ...sqliteSettings(connection),
    ...sqlitePruning(connection),
    settle: (token, { outcomes, threads, messages }) =>
      connection.write('record a delivery', () => {
        settleItems(token, outcomes);
        for (const thread of threads) writeThread(thread);
        for (const message of messages) writeMessage(message);
      }),
    close: () => connection.close(),
  };
}
