export type AwsPage<Item> = { readonly items: readonly Item[] | undefined; readonly next: string | undefined };

/** Reads page after page; AWS may send an empty page that is not the last. A token that comes twice in a row would never end and throws. */
export async function* pages<Item>(fetch: (token: string | undefined) => Promise<AwsPage<Item>>): AsyncGenerator<Item> {
  let token: string | undefined;
  do {
    const page = await fetch(token);
    yield* page.items ?? [];
    if (page.next !== undefined && page.next !== '' && page.next === token)
      throw new Error('the service sent the same page token twice');
    token = page.next;
  } while (token !== undefined && token !== '');
}

/** All pages in one list. */
export async function allPages<Item>(fetch: (token: string | undefined) => Promise<AwsPage<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages(fetch)) items.push(item);
  return items;
}

/** Like `Promise.all` over `map`, with at most `limit` at work; keeps the order; the first error stops the start of others. */
export async function mapLimited<In, Out>(
  items: readonly In[],
  limit: number,
  map: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results = new Map<number, Out>();
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length && !failed; index = next++) {
      try {
        // The index is below the length, and a list of undefined items is still a list of In.
        results.set(index, await map(items[index] as In));
      } catch (thrown) {
        failed = true;
        throw thrown;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return items.flatMap((_item, index) => (results.has(index) ? [results.get(index) as Out] : []));
}

/** Cuts a list into lists of at most `size`. */
export function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_empty, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
