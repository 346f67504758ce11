import { pageBounds } from '#adapters/memory/problem-query.ts';
import { MESSAGE_DAYS } from '#core/finding/retention.ts';
import type { DeliveredMessage, Thread } from '#core/notification/outbox.ts';
import type { Clock } from '#ports/clock.ts';
import type { OutboxStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { isOfThisLife } from './earlier-life.ts';
import { inParallel } from './in-parallel.ts';
import type { ItemKey } from './keys.ts';
import {
  answerItemKey,
  digest,
  keyPart,
  listPartition,
  mentionItemKey,
  messageItemKey,
  padded,
  problemItemKey,
  SHARDS,
  shardOf,
  threadItemKey,
} from './keys.ts';
import { createListReader, rowAttribute } from './list-rows.ts';
import { packedInline } from './parcel.ts';
import type { Item } from './requests.ts';
import { expiry } from './retention.ts';

type Tools = { readonly table: DynamoTable; readonly contents: Contents; readonly clock: Clock };
type Messages = Pick<
  OutboxStore,
  'threads' | 'threadsOf' | 'saveMessages' | 'messagePage' | 'replies' | 'messageCounts'
>;
type MessageQuery = Parameters<OutboxStore['messagePage']>[0];
type MessageRow = Pick<DeliveredMessage, 'destinationKey' | 'sentAt'> & { readonly isAnswer: boolean };
/** One message of a list; `place` sorts by when it was sent and names the page that follows it. */
type Placed = { readonly place: string; readonly key: ItemKey };

const PARALLEL_THREADS = 16;

/** Threads and messages. */
export function createMessages({ table, contents, clock }: Tools): Messages {
  // Items of the message lists hold messages.
  const reader = createListReader<MessageRow>(table, contents, (value) => rowOf(value as DeliveredMessage));

  async function placed({ destinationKey, problemKey, topLevelOnly = false }: MessageQuery): Promise<Placed[]> {
    if (problemKey !== undefined) return await mentioning({ destinationKey, problemKey, topLevelOnly });
    const shards = destinationKey === undefined ? SHARDS : [shardOf(destinationKey)];
    const prefix = destinationKey === undefined ? undefined : `${keyPart(destinationKey)}#`;
    const listed = await reader.all(shards.map(listPartition.messages), prefix);
    return listed
      .filter(({ row }) => !(topLevelOnly && row.isAnswer))
      .map(({ key, listSk }) => ({ key, place: listSk.slice(listSk.indexOf('#') + 1) }));
  }

  /** A rewritten message may no longer be about the problem, so the messages themselves decide. */
  async function mentioning({ destinationKey, problemKey, topLevelOnly }: Required<Mention>): Promise<Placed[]> {
    return (await messagesAt(await referred(problemItemKey(problemKey).pk, 'M#')))
      .filter(
        (message) =>
          message.problemKeys.includes(problemKey) &&
          !(topLevelOnly && message.inThreadOf !== null) &&
          (destinationKey === undefined || message.destinationKey === destinationKey),
      )
      .map((message) => ({ key: messageItemKey(message.id), place: placeOf(message) }));
  }

  async function referred(pk: string, prefix: string): Promise<ItemKey[]> {
    const references = await table.all({ pk, prefix });
    // Mentions and answers hold message ids.
    const ids = await Promise.all(references.map(async (item) => (await contents.valueIn(item)) as string));
    return ids.map(messageItemKey);
  }

  async function messagesAt(keys: readonly ItemKey[]): Promise<DeliveredMessage[]> {
    // Message items hold messages.
    return (await contents.valuesAt(keys)).map(({ value }) => value as DeliveredMessage);
  }

  return {
    ...createThreads(table, contents),
    saveMessages: async (messages) => await table.putMany(await messageItems(contents, messages, clock.now())),
    messagePage: async (query) => {
      const { limit } = pageBounds(query);
      const all = (await placed(query)).sort((a, b) => (a.place < b.place ? 1 : -1));
      const { before } = query;
      const rest = before === undefined ? all : all.filter(({ place }) => place < before);
      const page = rest.slice(0, limit);
      const found = await messagesAt(page.map(({ key }) => key));
      return {
        items: found.sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1)),
        total: all.length,
        nextToken: page.length < rest.length ? (page.at(-1)?.place ?? null) : null,
      };
    },
    replies: async (messageIds) => {
      const wanted = new Set(messageIds);
      const keys = await inParallel(PARALLEL_THREADS, [...wanted], (id) => referred(messageItemKey(id).pk, 'A#'));
      return (await messagesAt(keys.flat()))
        .filter(({ inThreadOf }) => inThreadOf !== null && wanted.has(inThreadOf))
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    },
    messageCounts: async () => {
      const listed = await reader.all(SHARDS.map(listPartition.messages));
      return [...Map.groupBy(listed, ({ row }) => row.destinationKey)].map(([destinationKey, those]) => ({
        destinationKey,
        count: those.filter(({ row }) => !row.isAnswer).length,
        newestAt: those.reduce((newest, { row }) => Math.max(newest, row.sentAt), 0),
      }));
    },
  };
}

type Mention = {
  readonly destinationKey: MessageQuery['destinationKey'];
  readonly problemKey: NonNullable<MessageQuery['problemKey']>;
  readonly topLevelOnly: boolean;
};

function createThreads(table: DynamoTable, contents: Contents): Pick<OutboxStore, 'threads' | 'threadsOf'> {
  return {
    threads: async (keys, destinationKey) => {
      const found = await contents.valuesAt(keys.map((key) => threadItemKey(key, destinationKey)));
      const current = found.filter(({ item }) => isOfThisLife(item));
      // Thread items hold threads.
      return new Map(current.map(({ value }) => [(value as Thread).problemKey, value as Thread]));
    },
    threadsOf: async (key) => {
      const items = await table.all({ pk: problemItemKey(key).pk, prefix: 'T#' });
      const current = items.filter(isOfThisLife);
      return await Promise.all(current.map(async (item) => (await contents.valueIn(item)) as Thread));
    },
  };
}

/** The items of messages, and what lets each be found from the problems it is about. */
export async function messageItems(
  contents: Contents,
  messages: readonly DeliveredMessage[],
  now: number,
): Promise<(Item & ItemKey)[]> {
  const end = { ttl: expiry(now, MESSAGE_DAYS) };
  const items = messages.map(async (message) => {
    const key = messageItemKey(message.id);
    const { attributes } = await contents.pack(key, message, end);
    const item = {
      ...{ ...key, ...attributes, ...end, ...rowAttribute(rowOf(message)) },
      listPk: listPartition.messages(shardOf(message.destinationKey)),
      listSk: `${keyPart(message.destinationKey)}#${placeOf(message)}`,
    };
    const { inThreadOf } = message;
    const references = [
      ...message.problemKeys.map((problemKey) => mentionItemKey(problemKey, message.id)),
      ...(inThreadOf === null ? [] : [answerItemKey(inThreadOf, message.id)]),
    ].map((reference) => ({
      ...reference,
      ...packedInline(message.id, `the id of message ${message.id}`),
      ...end,
    }));
    return [item, ...references];
  });
  return (await Promise.all(items)).flat();
}

function rowOf({ destinationKey, sentAt, inThreadOf }: DeliveredMessage): MessageRow {
  return { destinationKey, sentAt, isAnswer: inThreadOf !== null };
}

function placeOf({ sentAt, id }: DeliveredMessage): string {
  return `${padded(sentAt)}.${digest(id)}`;
}
