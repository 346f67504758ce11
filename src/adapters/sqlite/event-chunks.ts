import type { Connection } from './connection.ts';
import { fromColumn, fromEventColumn, toColumn, toEventColumn } from './text.ts';

/** Where an event lies. */
export type EventPlace = { readonly chunk: number; readonly start: number; readonly length: number };

/** Events of one transaction; made, used and ended inside of it. */
export type EventWriter = {
  add(raw: string): EventPlace;
  /** Says that one event of a chunk is no longer needed; a chunk without any goes away. */
  release(chunk: number): void;
  /** Writes what was added. */
  end(): void;
};

type OpenChunk = { readonly id: number; readonly events: string[]; length: number; used: number };

// A chunk stays until none of its events is the latest of its problem, so it must not hold too many of them.
const MAX_EVENTS = 64;
const MAX_LENGTH = 262_144;

/**
 * Events of one batch, compressed together: they resemble each other, so a chunk takes about a tenth of their room
 * and the compressor, whose start is what costs, runs once for all of them.
 */
export function eventChunks(connection: Connection): {
  read(place: EventPlace): string | undefined;
  begin(): EventWriter;
} {
  const select = connection.prepare<{ events: string | Uint8Array }>('SELECT events FROM event_chunk WHERE id = ?');
  return {
    read: ({ chunk, start, length }) => {
      const row = select.get(chunk);
      return row === undefined ? undefined : fromColumn(fromEventColumn(row.events).slice(start, start + length));
    },
    begin: eventWriters(connection),
  };
}

function eventWriters(connection: Connection): () => EventWriter {
  const last = connection.prepare<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM event_chunk');
  const insert = connection.prepare('INSERT INTO event_chunk (id, events) VALUES (?, ?)');
  const insertUse = connection.prepare('INSERT INTO event_chunk_use (id, used) VALUES (?, ?)');
  const release = connection.prepare<{ used: number }>(
    'UPDATE event_chunk_use SET used = used - 1 WHERE id = ? RETURNING used',
  );
  const remove = connection.prepare('DELETE FROM event_chunk WHERE id = ?');
  const removeUse = connection.prepare('DELETE FROM event_chunk_use WHERE id = ?');

  return () => {
    let open: OpenChunk | undefined;
    let lastId: number | undefined;

    function end(): void {
      if (open !== undefined && open.used > 0) {
        insert.run(open.id, toEventColumn(open.events.join('')));
        insertUse.run(open.id, open.used);
      }
      open = undefined;
    }

    function room(length: number): OpenChunk {
      if (open !== undefined && (open.events.length >= MAX_EVENTS || open.length + length > MAX_LENGTH)) end();
      if (open === undefined) {
        lastId = (lastId ?? last.get()?.id ?? 0) + 1;
        open = { id: lastId, events: [], length: 0, used: 0 };
      }
      return open;
    }

    return {
      end,
      add: (raw) => {
        const event = toColumn(raw);
        const chunk = room(event.length);
        const place = { chunk: chunk.id, start: chunk.length, length: event.length };
        chunk.events.push(event);
        chunk.length += event.length;
        chunk.used += 1;
        return place;
      },
      release: (chunk) => {
        if (chunk === open?.id) {
          open.used -= 1;
        } else if (release.get(chunk)?.used === 0) {
          remove.run(chunk);
          removeUse.run(chunk);
        }
      },
    };
  };
}
