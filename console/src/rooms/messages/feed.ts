import type { MessagePage, MessageRow } from '#ports/http-api.ts';

/** The messages on the page, newest first, and where older ones begin. */
export type Feed = { readonly items: readonly MessageRow[]; readonly total: number; readonly nextToken: string | null };

/** A feed after the newest page was read again: new and edited messages appear, older pages stay. */
export function withNewest(feed: Feed | undefined, page: MessagePage): Feed {
  if (feed === undefined) return page;
  const fresh = new Set(page.items.map((item) => item.id));
  const older = feed.items.filter((item) => !fresh.has(item.id));
  // Nothing in common: so much is new that the pages no longer touch, and a gap must not be hidden.
  if (older.length === feed.items.length && feed.items.length > 0 && page.nextToken !== null) return page;
  const oldestFresh = page.items.at(-1)?.sentAt ?? Number.POSITIVE_INFINITY;
  // What the newest page should hold but does not is gone.
  const kept = older.filter((item) => item.sentAt <= oldestFresh && page.nextToken !== null);
  if (kept.length === 0) return page;
  return { items: [...page.items, ...kept], total: page.total, nextToken: feed.nextToken };
}

/** A feed with one more page of older messages at its end. */
export function withOlder(feed: Feed, page: MessagePage): Feed {
  const known = new Set(feed.items.map((item) => item.id));
  const items = [...feed.items, ...page.items.filter((item) => !known.has(item.id))];
  return { items, total: page.total, nextToken: page.nextToken };
}

/** Messages of one day together, in the order given. */
export function byDay(
  items: readonly MessageRow[],
  dayKey: (at: number) => string,
): { key: string; at: number; items: MessageRow[] }[] {
  const days: { key: string; at: number; items: MessageRow[] }[] = [];
  for (const item of items) {
    const key = dayKey(item.sentAt);
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({ key, at: item.sentAt, items: [item] });
  }
  return days;
}
