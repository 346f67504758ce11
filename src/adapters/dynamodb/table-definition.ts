/** One key attribute; all of ours are strings. */
export type KeyAttribute = { readonly name: string; readonly type: 'S' };

/** A global secondary index as plain data. */
export type IndexDefinition = {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey: KeyAttribute;
  readonly projection:
    | { readonly kind: 'keys-only' }
    | { readonly kind: 'include'; readonly attributes: readonly string[] };
};

/** The table as plain data, so that the deployment and the tests create the same one. */
export type TableDefinition = {
  readonly partitionKey: KeyAttribute;
  readonly sortKey: KeyAttribute;
  readonly timeToLiveAttribute: string;
  readonly billing: 'on-demand';
  readonly pointInTimeRecovery: boolean;
  readonly indexes: readonly IndexDefinition[];
};

/** Sparse: what can be listed (problems by status, outbox rows by state, messages, unknown events), with one small `row` to filter by. */
export const LIST_INDEX = 'list';
/** Sparse: the outbox rows of one problem. */
export const RELATED_INDEX = 'related';

/**
 * Everything the product remembers lives in this one table. Both indexes are shared by several kinds of items: an index
 * costs nothing while empty, but each attribute it projects is paid for on every write, so they project next to nothing.
 */
export const tableDefinition: TableDefinition = {
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  timeToLiveAttribute: 'ttl',
  billing: 'on-demand',
  pointInTimeRecovery: true,
  indexes: [
    {
      name: LIST_INDEX,
      partitionKey: { name: 'listPk', type: 'S' },
      sortKey: { name: 'listSk', type: 'S' },
      projection: { kind: 'include', attributes: ['row'] },
    },
    {
      name: RELATED_INDEX,
      partitionKey: { name: 'relatedPk', type: 'S' },
      sortKey: { name: 'relatedSk', type: 'S' },
      projection: { kind: 'keys-only' },
    },
  ],
};
