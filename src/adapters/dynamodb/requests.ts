import type { ItemKey } from './keys.ts';

export type Item = Readonly<Record<string, unknown>>;
/** Placeholders of an expression; ours never name an attribute directly, because half of the short words are reserved. */
type Placeholders = {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
};
export type Put = Placeholders & {
  readonly kind: 'put';
  readonly item: Item & ItemKey;
  readonly condition?: string;
  /** Asks for the item that was there; not in a transaction. */
  readonly wantsBefore?: true;
};
export type Update = Placeholders & {
  readonly kind: 'update';
  readonly key: ItemKey;
  readonly update: string;
  readonly condition?: string;
};
export type Write = Put | Update;

export type Query = {
  readonly pk: string;
  /** Only sort keys that start with it. */
  readonly prefix?: string;
  /** Only sort keys behind it. */
  readonly after?: string;
  readonly index?: string;
  readonly descending?: boolean;
  /** Items of one page. */
  readonly pageSize?: number;
  /** Only items that have (`true`) or lack (`false`) a `ttl`. */
  readonly expiring?: boolean;
};

/** How many writes DynamoDB takes in one transaction. */
export const MAX_TRANSACTION = 100;
const LONGEST_TOKEN = 36;

/** The primary key alone. */
export function keyOf(item: Item): ItemKey {
  return { pk: String(item['pk']), sk: String(item['sk']) };
}

/** Keeps the last item of each key: DynamoDB refuses to write one twice in a request. */
export function lastOfEach<T extends ItemKey>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [`${item.pk}\n${item.sk}`, item])).values()];
}

export function chunksOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** The input of PutItem. */
export function putInput(table: string, put: Put) {
  const returnValues = put.wantsBefore === true ? ({ ReturnValues: 'ALL_OLD' } as const) : {};
  return { TableName: table, Item: put.item, ...returnValues, ...expressions(put) };
}

/** The input of UpdateItem. */
export function updateInput(table: string, update: Update) {
  return { TableName: table, Key: update.key, UpdateExpression: update.update, ...expressions(update) };
}

/** The input of TransactWriteItems; a repeated `token` makes AWS answer as it did the first time. */
export function transactionInput(table: string, writes: readonly Write[], token: string) {
  return {
    ClientRequestToken: token.slice(0, LONGEST_TOKEN),
    TransactItems: writes.map((write) =>
      write.kind === 'put'
        ? { Put: { TableName: table, Item: write.item, ...expressions(write) } }
        : { Update: updateInput(table, write) },
    ),
  };
}

/** The input of Query, from the page after `from`. */
export function queryInput(table: string, query: Query, from: Record<string, unknown> | undefined) {
  const { index, prefix, after, expiring } = query;
  const start = prefix ?? after;
  const range = prefix === undefined ? '#sk > :sk' : 'begins_with(#sk, :sk)';
  return {
    TableName: table,
    // An index cannot be read consistently; it trails the table by moments.
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    KeyConditionExpression: start === undefined ? '#pk = :pk' : `#pk = :pk AND ${range}`,
    ExpressionAttributeNames: {
      '#pk': index === undefined ? 'pk' : `${index}Pk`,
      ...(start === undefined ? {} : { '#sk': index === undefined ? 'sk' : `${index}Sk` }),
      ...(expiring === undefined ? {} : { '#ttl': 'ttl' }),
    },
    ExpressionAttributeValues: { ':pk': query.pk, ...(start === undefined ? {} : { ':sk': start }) },
    ...(expiring === undefined ? {} : { FilterExpression: `attribute_${expiring ? '' : 'not_'}exists(#ttl)` }),
    ScanIndexForward: query.descending !== true,
    ...(query.pageSize === undefined ? {} : { Limit: query.pageSize }),
    ...(from === undefined ? {} : { ExclusiveStartKey: from }),
  };
}

function expressions(of: Placeholders & { readonly condition?: string }) {
  return {
    ...(of.condition === undefined ? {} : { ConditionExpression: of.condition }),
    ...(of.names === undefined ? {} : { ExpressionAttributeNames: { ...of.names } }),
    ...(of.values === undefined ? {} : { ExpressionAttributeValues: { ...of.values } }),
  };
}
