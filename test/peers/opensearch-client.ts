/** One action of a bulk request: a document and the identifier that makes a second load change nothing. */
export interface OpenSearchDocument {
  readonly id: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** True where no OpenSearch is given and none is demanded: its tests are then skipped, and shown as skipped. */
export const openSearchMissing =
  process.env['YAGURA_OPENSEARCH_URL'] === undefined && process.env['YAGURA_REQUIRE_PEERS'] === undefined;

/** Where the OpenSearch of the peer tests listens, without security. */
export function openSearchUrl(): string {
  const url = process.env['YAGURA_OPENSEARCH_URL'];
  if (url === undefined) {
    throw new Error('YAGURA_OPENSEARCH_URL is not set; run these tests with npm run test:peers');
  }
  return url;
}

/** Sends JSON, or a string as lines of JSON, and returns the JSON of the answer; throws with OpenSearch's reason. */
export async function openSearch(method: string, path: string, body?: unknown): Promise<unknown> {
  const isLines = typeof body === 'string';
  const answer = await fetch(`${openSearchUrl()}/${path.replace(/^\//, '')}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': isLines ? 'application/x-ndjson' : 'application/json' },
          body: isLines ? body : JSON.stringify(body),
        }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`OpenSearch answers ${answer.status} to ${method} ${path}: ${text.slice(0, 1000)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Loads documents in one request and makes them searchable; throws with the first document that is refused. */
export async function bulkLoad(index: string, documents: readonly OpenSearchDocument[]): Promise<void> {
  const lines = documents.flatMap(({ id, document }) => [
    JSON.stringify({ index: { _index: index, _id: id } }),
    JSON.stringify(document),
  ]);
  // The peer is ours and the shape is its documented answer.
  const answer = (await openSearch('POST', '_bulk?refresh=true', `${lines.join('\n')}\n`)) as {
    readonly items: readonly { readonly index: { readonly _id: string; readonly error?: unknown } }[];
  };
  const refused = answer.items.find((item) => item.index.error !== undefined)?.index;
  if (refused !== undefined) {
    throw new Error(`OpenSearch refuses document ${refused._id}: ${JSON.stringify(refused.error)}`);
  }
}
