import type { Connection } from './connection.ts';
import { hashOf } from './hash-index.ts';

export type OutboxChains = {
  /** Takes rows out of the chain of a problem and closes the gaps. The key is as its column has it. */
  unlink(key: string, sequences: ReadonlySet<number>): void;
};

type Link = { readonly id: number; readonly sequence: number };

/** The outbox rows of a problem, each naming the one before; the problem names the last. */
export function outboxChains(connection: Connection): OutboxChains {
  const chain = connection.prepare<Link>(
    `WITH RECURSIVE chain (id, sequence, previous) AS (
       SELECT p.id, o.sequence, o.previous FROM problem_key_entry AS e JOIN problem AS p ON p.id = e.id
         JOIN outbox AS o ON o.sequence = p.last_outbox WHERE e.hash = ? AND p.key = ?
       UNION ALL
       SELECT chain.id, o.sequence, o.previous FROM chain JOIN outbox AS o ON o.sequence = chain.previous
     ) SELECT id, sequence FROM chain ORDER BY sequence DESC`,
  );
  const setPrevious = connection.prepare('UPDATE outbox SET previous = ? WHERE sequence = ?');
  const setLast = connection.prepare('UPDATE problem SET last_outbox = ? WHERE id = ?');
  return {
    unlink: (key, sequences) => {
      // What this changes is what is being read.
      const links = chain.all(hashOf(key), key);
      let kept: number | undefined;
      let isGap = false;
      const close = (id: number, next: number | null) => {
        if (isGap && kept === undefined) setLast.run(next, id);
        else if (isGap && kept !== undefined) setPrevious.run(next, kept);
        isGap = false;
      };
      for (const { id, sequence } of links) {
        if (sequences.has(sequence)) {
          isGap = true;
          continue;
        }
        close(id, sequence);
        kept = sequence;
      }
      const first = links[0];
      if (first !== undefined) close(first.id, null);
    },
  };
}
