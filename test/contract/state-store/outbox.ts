import { describe, expect, it } from 'vitest';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { OutboxOutcome, StateStore } from '#ports/state-store.ts';
import { creation, DESTINATION, ids, itemOf, keyOf, queue, queueInTurn, storePerTest, T0 } from './fixtures.ts';

const OTHER = 'slack:#sec-guardduty';

async function settle(
  store: StateStore,
  token: string,
  outcomes: Readonly<Record<string, OutboxOutcome>>,
): Promise<void> {
  await store.settle(token, {
    outcomes: Object.entries(outcomes).map(([id, outcome]) => ({ id, outcome })),
    threads: [],
    messages: [],
  });
}

function sent(at = T0 + 10): OutboxOutcome {
  return { kind: 'sent', messageId: 'message-1', at };
}

function retry(dueAt: number, countsAsAttempt = true): OutboxOutcome {
  return { kind: 'retry', dueAt, error: 'Slack did not answer', countsAsAttempt };
}

/** The outbox: first in, first out per destination, every item in one worker's hands. */
export function describeOutbox(open: () => Promise<StateStore>): void {
  describe('outbox', () => {
    const store = storePerTest(open);

    it('names the destinations that have something due, with how many and the oldest', async () => {
      await queue(store(), [
        itemOf('a', { dueAt: T0 + 2 }),
        itemOf('b', { dueAt: T0 + 1 }),
        itemOf('later', { dueAt: T0 + 100 }),
        itemOf('c', { destinationKey: OTHER, dueAt: T0 + 2 }),
        itemOf('d', { destinationKey: 'slack:#quiet', dueAt: T0 + 100 }),
      ]);

      const due = await store().dueDestinations(T0 + 2);

      expect([...due].sort((a, b) => b.count - a.count)).toEqual([
        { destinationKey: DESTINATION, count: 2, oldestDueAt: T0 + 1 },
        { destinationKey: OTHER, count: 1, oldestDueAt: T0 + 2 },
      ]);
      expect(await store().dueDestinations(T0)).toEqual([]);
    });

    it('claims by createdAt, then in the order of writing', async () => {
      await queueInTurn(store(), [
        itemOf('z', { createdAt: T0 + 2 }),
        itemOf('y', { createdAt: T0 + 1 }),
        itemOf('b', { createdAt: T0 }),
        itemOf('a', { createdAt: T0 }),
      ]);
      await store().apply([
        creation('many', { outbox: [itemOf('n', { createdAt: T0 }), itemOf('m', { createdAt: T0 })] }),
        creation('more', { outbox: [itemOf('l', { createdAt: T0 })] }),
      ]);

      const claimed = await store().claim(DESTINATION, T0 + 5, 10, 'worker');

      expect(ids(claimed)).toEqual(['b', 'a', 'n', 'm', 'l', 'y', 'z']);
    });

    it('keeps the order when the clock was set back between two writes', async () => {
      await queueInTurn(store(), [itemOf('older', { createdAt: T0 }), itemOf('newer', { createdAt: T0 - 60_000 })]);

      expect(ids(await store().claim(DESTINATION, T0, 10, 'worker'))).toEqual(['newer', 'older']);
    });

    it('marks what it claims as sending under the token, and gives it as marked', async () => {
      await queue(store(), [itemOf('a')]);

      const claimed = await store().claim(DESTINATION, T0 + 3, 10, 'worker');

      const expected: OutboxItem = { ...itemOf('a'), state: 'sending', claim: { token: 'worker', at: T0 + 3 } };
      expect(claimed).toEqual([expected]);
      expect(await store().outboxItem('a')).toEqual(expected);
      expect(await store().dueDestinations(T0 + 3)).toEqual([]);
    });

    it('takes no more than the limit, nothing that is not due, nothing of another destination', async () => {
      await queue(store(), [
        itemOf('future', { createdAt: T0, dueAt: T0 + 1_000, problemKey: keyOf('other problem') }),
        itemOf('a', { createdAt: T0 + 1 }),
        itemOf('b', { createdAt: T0 + 2 }),
        itemOf('c', { createdAt: T0 + 3 }),
        itemOf('elsewhere', { destinationKey: OTHER }),
      ]);

      const first = await store().claim(DESTINATION, T0 + 5, 2, 'worker 1');
      await settle(store(), 'worker 1', { a: sent(), b: sent() });
      const second = await store().claim(DESTINATION, T0 + 5, 2, 'worker 2');

      expect(ids(first)).toEqual(['a', 'b']);
      expect(ids(second)).toEqual(['c']);
    });

    it('opens no second claim on a destination until every item of the first is settled', async () => {
      await queueInTurn(store(), [
        itemOf('a'),
        itemOf('b'),
        itemOf('c'),
        itemOf('elsewhere', { destinationKey: OTHER }),
      ]);
      await store().claim(DESTINATION, T0, 2, 'worker 1');

      const during = await store().claim(DESTINATION, T0, 10, 'worker 2');
      const elsewhere = await store().claim(OTHER, T0, 10, 'worker 3');
      await settle(store(), 'worker 1', { a: sent() });
      const half = await store().claim(DESTINATION, T0, 10, 'worker 2');
      await settle(store(), 'worker 1', { b: sent() });
      const after = await store().claim(DESTINATION, T0, 10, 'worker 2');

      expect(during).toEqual([]);
      expect(ids(elsewhere)).toEqual(['elsewhere']);
      expect(half).toEqual([]);
      expect(ids(after)).toEqual(['c']);
    });

    it('gives an item to one of many workers that claim at the same time', async () => {
      await queue(
        store(),
        ['a', 'b', 'c', 'd', 'e'].map((id) => itemOf(id)),
      );

      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store().claim(DESTINATION, T0, 2, `worker ${n}`)),
      );

      expect(ids(claims.flat())).toHaveLength(2);
      expect(claims.filter((claim) => claim.length > 0)).toHaveLength(1);
    });

    it('does not let a resolve overtake the post of its problem that waits for another try', async () => {
      await queueInTurn(store(), [
        itemOf('post', { problemKey: keyOf('p') }),
        itemOf('other post', { problemKey: keyOf('q') }),
        itemOf('resolve', { problemKey: keyOf('p'), action: 'resolve' }),
        itemOf('post elsewhere', { problemKey: keyOf('p'), destinationKey: OTHER }),
      ]);
      await store().claim(DESTINATION, T0, 1, 'worker 1');
      await settle(store(), 'worker 1', { post: retry(T0 + 100) });

      const meanwhile = await store().claim(DESTINATION, T0 + 1, 10, 'worker 2');
      await settle(store(), 'worker 2', { 'other post': sent() });
      const blocked = await store().claim(DESTINATION, T0 + 2, 10, 'worker 3');
      const later = await store().claim(DESTINATION, T0 + 100, 10, 'worker 4');

      expect(ids(meanwhile)).toEqual(['other post']);
      expect(blocked).toEqual([]);
      expect(ids(later)).toEqual(['post', 'resolve']);
      expect(ids(await store().claim(OTHER, T0 + 1, 10, 'worker 5'))).toEqual(['post elsewhere']);
    });

    it('lets an urgent message pass the digest entry of the same problem', async () => {
      await queueInTurn(store(), [
        itemOf('digest', { mode: 'digest', dueAt: T0 + 3_600_000 }),
        itemOf('urgent', { createdAt: T0 + 1, severity: 'CRITICAL' }),
      ]);

      expect(ids(await store().claim(DESTINATION, T0 + 1, 10, 'worker'))).toEqual(['urgent']);
    });

    it('records each outcome of a claim', async () => {
      await queueInTurn(
        store(),
        ['sent', 'covered', 'lost in digest', 'retry', 'wait', 'parked'].map((id) => itemOf(id)),
      );
      await store().claim(DESTINATION, T0, 10, 'worker');

      await settle(store(), 'worker', {
        sent: sent(T0 + 10),
        covered: { kind: 'covered', messageId: 'message-2', at: T0 + 11 },
        'lost in digest': { kind: 'covered', messageId: null, at: T0 + 12 },
        retry: retry(T0 + 60_000),
        wait: { kind: 'retry', dueAt: T0 + 30_000, error: 'told to wait', countsAsAttempt: false },
        parked: { kind: 'parked', error: 'channel_not_found', at: T0 + 13 },
      });

      const base = { claim: null, messageId: null, sentAt: null, lastError: null, attempts: 0, dueAt: T0 };
      const expected: Record<string, Partial<OutboxItem>> = {
        sent: { ...base, state: 'sent', messageId: 'message-1', sentAt: T0 + 10 },
        covered: { ...base, state: 'covered', messageId: 'message-2', sentAt: T0 + 11 },
        'lost in digest': { ...base, state: 'covered', sentAt: T0 + 12 },
        retry: { ...base, state: 'queued', attempts: 1, lastError: 'Slack did not answer', dueAt: T0 + 60_000 },
        wait: { ...base, state: 'queued', lastError: 'told to wait', dueAt: T0 + 30_000 },
        parked: { ...base, state: 'parked', attempts: 1, lastError: 'channel_not_found' },
      };
      for (const [id, over] of Object.entries(expected)) {
        expect(await store().outboxItem(id)).toEqual({ ...itemOf(id), ...over });
      }
    });

    it('forgets the last error of an item that got through', async () => {
      await queue(store(), [itemOf('a')]);
      await store().claim(DESTINATION, T0, 1, 'first');
      await settle(store(), 'first', { a: retry(T0 + 1) });
      await store().claim(DESTINATION, T0 + 1, 1, 'second');

      await settle(store(), 'second', { a: sent() });

      expect(await store().outboxItem('a')).toMatchObject({ state: 'sent', attempts: 1, lastError: null });
    });

    it('puts a retried item back at its place in the order', async () => {
      await queueInTurn(store(), [itemOf('a', { problemKey: keyOf('p') }), itemOf('b', { problemKey: keyOf('q') })]);
      await store().claim(DESTINATION, T0, 1, 'worker 1');
      await settle(store(), 'worker 1', { a: retry(T0 + 10) });

      expect(ids(await store().claim(DESTINATION, T0 + 10, 10, 'worker 2'))).toEqual(['a', 'b']);
    });

    it('leaves items alone that another token claimed, that are queued, or that are unknown', async () => {
      await queueInTurn(store(), [itemOf('mine'), itemOf('queued')]);
      await queue(store(), [itemOf('theirs', { destinationKey: OTHER })]);
      await store().claim(DESTINATION, T0, 1, 'me');
      await store().claim(OTHER, T0, 1, 'them');

      await settle(store(), 'me', { mine: sent(), theirs: sent(), queued: sent(), unknown: sent() });
      await settle(store(), 'me', { mine: { kind: 'parked', error: 'again', at: T0 } });

      expect(await store().outboxItem('mine')).toMatchObject({ state: 'sent', lastError: null });
      expect(await store().outboxItem('theirs')).toMatchObject({ state: 'sending', claim: { token: 'them', at: T0 } });
      expect(await store().outboxItem('queued')).toEqual(itemOf('queued'));
      expect(await store().outboxItem('unknown')).toBeUndefined();
    });

    it('finds claims that are older than a moment', async () => {
      await queue(store(), [
        itemOf('old'),
        itemOf('young', { destinationKey: OTHER }),
        itemOf('idle', { destinationKey: 'x' }),
      ]);
      await store().claim(DESTINATION, T0, 1, 'crashed');
      await store().claim(OTHER, T0 + 100, 1, 'alive');

      expect(ids(await store().staleClaims(T0 + 50))).toEqual(['old']);
      expect(ids(await store().staleClaims(T0))).toEqual([]);
      expect(ids(await store().staleClaims(T0 + 101)).sort()).toEqual(['old', 'young']);
    });

    it('lets one of two workers take over a stale claim', async () => {
      await queueInTurn(store(), [itemOf('a'), itemOf('b')]);
      await store().claim(DESTINATION, T0, 2, 'crashed');
      const stale = await store().staleClaims(T0 + 50);

      const taken = await Promise.all([
        store().takeOver(stale, 'worker 1', T0 + 60),
        store().takeOver(stale, 'worker 2', T0 + 60),
      ]);
      await settle(store(), 'crashed', { a: { kind: 'parked', error: 'came back from the dead', at: T0 } });

      const winner = taken[0].length > 0 ? 'worker 1' : 'worker 2';
      expect(ids(taken.flat()).sort()).toEqual(['a', 'b']);
      for (const item of taken.flat()) {
        expect(item).toMatchObject({ state: 'sending', claim: { token: winner, at: T0 + 60 } });
        expect(await store().outboxItem(item.id)).toEqual(item);
      }
      expect(await store().staleClaims(T0 + 50)).toEqual([]);
    });

    it('takes over nothing that was settled meanwhile', async () => {
      await queueInTurn(store(), [itemOf('a'), itemOf('b')]);
      await store().claim(DESTINATION, T0, 2, 'slow');
      const stale = await store().staleClaims(T0 + 50);
      await settle(store(), 'slow', { a: sent(), b: retry(T0) });

      expect(await store().takeOver(stale, 'worker', T0 + 60)).toEqual([]);
      expect(await store().outboxItem('a')).toMatchObject({ state: 'sent' });
      expect(await store().outboxItem('b')).toMatchObject({ state: 'queued', claim: null });
    });

    it('opens the destination again once a claim was taken over and settled', async () => {
      await queueInTurn(store(), [itemOf('a'), itemOf('b')]);
      await store().claim(DESTINATION, T0, 1, 'crashed');
      await store().takeOver(await store().staleClaims(T0 + 50), 'worker', T0 + 60);

      const during = await store().claim(DESTINATION, T0 + 60, 10, 'other');
      await settle(store(), 'worker', { a: retry(T0 + 60, false) });
      const after = await store().claim(DESTINATION, T0 + 60, 10, 'other');

      expect(during).toEqual([]);
      expect(ids(after)).toEqual(['a', 'b']);
    });

    it('requeues a parked item and one that waits, to be sent now, and no other', async () => {
      await queueInTurn(
        store(),
        ['parked', 'waiting', 'sent', 'sending'].map((id) => itemOf(id, { problemKey: keyOf(id) })),
      );
      await store().claim(DESTINATION, T0, 3, 'worker');
      await settle(store(), 'worker', {
        parked: { kind: 'parked', error: 'channel_not_found', at: T0 },
        waiting: retry(T0 + 60_000),
        sent: sent(),
      });
      await store().claim(DESTINATION, T0, 1, 'worker 2');

      const answers = [];
      for (const id of ['parked', 'waiting', 'sent', 'sending', 'unknown'])
        answers.push(await store().requeue(id, T0 + 9));

      expect(answers).toEqual([true, true, false, false, false]);
      expect(await store().outboxItem('parked')).toMatchObject({ state: 'queued', dueAt: T0 + 9, attempts: 0 });
      expect(await store().outboxItem('waiting')).toMatchObject({ state: 'queued', dueAt: T0 + 9, attempts: 0 });
      expect(await store().outboxItem('sent')).toMatchObject({ state: 'sent' });
      await settle(store(), 'worker 2', { sending: sent() });
      expect(ids(await store().claim(DESTINATION, T0 + 9, 10, 'worker 3'))).toEqual(['parked', 'waiting']);
    });

    it('pages through the outbox, newest first, by state, destination and problem', async () => {
      await queueInTurn(store(), [
        itemOf('a', { createdAt: T0, problemKey: keyOf('p') }),
        itemOf('b', { createdAt: T0 + 1, problemKey: keyOf('q') }),
        itemOf('c', { createdAt: T0 + 2, problemKey: keyOf('p'), destinationKey: OTHER }),
        itemOf('d', { createdAt: T0 + 2, problemKey: keyOf('p') }),
      ]);
      await store().claim(DESTINATION, T0 + 5, 1, 'worker');
      await settle(store(), 'worker', { a: sent() });

      const all = await store().outboxPage({});
      const cut = await store().outboxPage({ limit: 2, offset: 1 });

      expect(ids(all.items)).toEqual(['d', 'c', 'b', 'a']);
      expect(all).toMatchObject({ total: 4, nextToken: null });
      expect(ids(cut.items)).toEqual(['c', 'b']);
      expect(cut.total).toBe(4);
      expect(ids((await store().outboxPage({ state: ['queued'] })).items)).toEqual(['d', 'c', 'b']);
      expect(ids((await store().outboxPage({ state: ['queued', 'sent'], destinationKey: DESTINATION })).items)).toEqual(
        ['d', 'b', 'a'],
      );
      expect(ids((await store().outboxPage({ problemKey: keyOf('p') })).items)).toEqual(['d', 'c', 'a']);
      expect(
        await store().outboxPage({ problemKey: keyOf('p'), state: ['sent'], destinationKey: OTHER }),
      ).toMatchObject({ items: [], total: 0 });
      expect(await store().outboxPage({ destinationKey: DESTINATION, problemKey: keyOf('p'), limit: 1 })).toMatchObject(
        { items: [{ id: 'd' }], total: 2 },
      );
    });

    it('counts items by destination and state', async () => {
      await queueInTurn(store(), [itemOf('a'), itemOf('b'), itemOf('c'), itemOf('d', { destinationKey: OTHER })]);
      await store().claim(DESTINATION, T0, 2, 'worker');
      await settle(store(), 'worker', { a: sent() });

      const counts = await store().outboxCounts();

      expect(counts.filter(({ count }) => count > 0)).toHaveLength(4);
      expect(counts).toEqual(
        expect.arrayContaining([
          { destinationKey: DESTINATION, state: 'queued', count: 1 },
          { destinationKey: DESTINATION, state: 'sending', count: 1 },
          { destinationKey: DESTINATION, state: 'sent', count: 1 },
          { destinationKey: OTHER, state: 'queued', count: 1 },
        ]),
      );
    });

    it('keeps an item with every kind of destination as it came', async () => {
      const items = [
        itemOf('w', { destinationKey: 'slack-webhook:x', destination: { kind: 'slack-webhook', webhook: 'payments' } }),
        itemOf('q', {
          destinationKey: 'amazon-q:x',
          destination: { kind: 'amazon-q', topicArn: 'arn:aws:sns:us-east-1:111122223333:q' },
        }),
        itemOf('route', {
          audience: 'route',
          language: 'en',
          mode: 'digest',
          episode: 3,
          reason: { code: 'route', route: 'all' },
        }),
      ];

      await queue(store(), items);

      for (const item of items) expect(await store().outboxItem(item.id)).toEqual(item);
    });
  });
}
