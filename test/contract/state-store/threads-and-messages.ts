import { describe, expect, it } from 'vitest';
import type { StateStore } from '#ports/state-store.ts';
import {
  DESTINATION,
  HOSTILE_TEXTS,
  ids,
  itemOf,
  keyOf,
  messageOf,
  queue,
  storePerTest,
  T0,
  threadOf,
} from './fixtures.ts';

const OTHER = 'slack:#sec-guardduty';

/** Threads say where a problem was told; messages are the feed of what was sent. */
export function describeThreadsAndMessages(open: () => Promise<StateStore>): void {
  describe('threads', () => {
    const store = storePerTest(open);

    it('remembers the thread of each problem at each destination', async () => {
      const threads = [
        threadOf('p'),
        threadOf('q', { merged: true, channelId: null, ts: null, messageId: 'digest-1' }),
        threadOf('p', { destinationKey: OTHER, messageId: 'message-2' }),
      ];

      await store().settle('nobody', { outcomes: [], threads, messages: [] });

      expect(await store().threads([keyOf('p'), keyOf('q'), keyOf('r')], DESTINATION)).toEqual(
        new Map([
          [keyOf('p'), threads[0]],
          [keyOf('q'), threads[1]],
        ]),
      );
      expect(await store().threads([], DESTINATION)).toEqual(new Map());
      const ofP = [...(await store().threadsOf(keyOf('p')))].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
      expect(ofP).toEqual([threads[0], threads[2]]);
      expect(await store().threadsOf(keyOf('r'))).toEqual([]);
    });

    it('replaces the thread of a problem at a destination by its next one', async () => {
      const next = threadOf('p', { episode: 2, messageId: 'message-9', problemVersion: 8 });
      await store().settle('nobody', { outcomes: [], threads: [threadOf('p')], messages: [] });

      await store().settle('nobody', { outcomes: [], threads: [next], messages: [] });

      expect(await store().threadsOf(keyOf('p'))).toEqual([next]);
    });

    it('finds threads of many problems in one call', async () => {
      const many = Array.from({ length: 130 }, (_, n) => threadOf(`p${n}`));
      await store().settle('nobody', { outcomes: [], threads: many, messages: [] });

      const found = await store().threads(
        many.map(({ problemKey }) => problemKey),
        DESTINATION,
      );

      expect(found.size).toBe(130);
    });
  });

  describe('messages', () => {
    const store = storePerTest(open);

    it('writes outcomes, threads and messages of a settlement together', async () => {
      await queue(store(), [itemOf('a')]);
      await store().claim(DESTINATION, T0, 1, 'worker');

      await store().settle('worker', {
        outcomes: [{ id: 'a', outcome: { kind: 'sent', messageId: 'message-1', at: T0 + 1 } }],
        threads: [threadOf('problem')],
        messages: [messageOf('message-1')],
      });

      expect(await store().outboxItem('a')).toMatchObject({ state: 'sent' });
      expect(await store().threadsOf(keyOf('problem'))).toEqual([threadOf('problem')]);
      expect((await store().messagePage({})).items).toEqual([messageOf('message-1')]);
    });

    it('settles a digest of many problems', async () => {
      const names = Array.from({ length: 120 }, (_, n) => `p${n}`);
      await queue(
        store(),
        names.map((name) => itemOf(`item ${name}`, { mode: 'digest', problemKey: keyOf(name) })),
      );
      const claimed = await store().claim(DESTINATION, T0, 500, 'worker');

      await store().settle('worker', {
        outcomes: claimed.map(({ id }) => ({ id, outcome: { kind: 'sent', messageId: 'digest-1', at: T0 + 1 } })),
        threads: names.map((name) => threadOf(name, { merged: true, messageId: 'digest-1' })),
        messages: [messageOf('digest-1', { kind: 'digest', problemKeys: names.map(keyOf) })],
      });

      expect(claimed).toHaveLength(120);
      expect((await store().outboxPage({ state: ['sent'], limit: 500 })).total).toBe(120);
      expect((await store().threads(names.map(keyOf), DESTINATION)).size).toBe(120);
      expect(ids((await store().messagePage({ problemKey: keyOf('p119') })).items)).toEqual(['digest-1']);
    });

    it('lists messages newest first, by destination and by problem', async () => {
      await store().saveMessages([
        messageOf('m1', { sentAt: T0 + 1, problemKeys: [keyOf('p')] }),
        messageOf('m3', { sentAt: T0 + 3, problemKeys: [keyOf('p'), keyOf('q'), keyOf('p')], kind: 'digest' }),
        messageOf('m2', { sentAt: T0 + 2, problemKeys: [], kind: 'notice', inThreadOf: 'm1', destinationKey: OTHER }),
      ]);

      const all = await store().messagePage({});

      expect(ids(all.items)).toEqual(['m3', 'm2', 'm1']);
      expect(all).toMatchObject({ total: 3, nextToken: null });
      expect(ids((await store().messagePage({ destinationKey: DESTINATION })).items)).toEqual(['m3', 'm1']);
      expect(ids((await store().messagePage({ problemKey: keyOf('p') })).items)).toEqual(['m3', 'm1']);
      expect(ids((await store().messagePage({ problemKey: keyOf('q') })).items)).toEqual(['m3']);
      expect(await store().messagePage({ problemKey: keyOf('q'), destinationKey: OTHER })).toMatchObject({
        items: [],
        total: 0,
      });
      expect((await store().messagePage({ destinationKey: OTHER })).items[0]).toMatchObject({
        inThreadOf: 'm1',
        kind: 'notice',
      });
    });

    it('rewrites an edited message in its place', async () => {
      await store().saveMessages([messageOf('m1', { sentAt: T0 + 1 }), messageOf('m2', { sentAt: T0 + 2 })]);
      const edited = messageOf('m1', {
        sentAt: T0 + 1,
        editedAt: T0 + 9,
        text: 'edited',
        problemKeys: [keyOf('other')],
      });

      await store().saveMessages([edited]);

      expect((await store().messagePage({})).items).toEqual([messageOf('m2', { sentAt: T0 + 2 }), edited]);
      expect(ids((await store().messagePage({ problemKey: keyOf('problem') })).items)).toEqual(['m2']);
      expect(ids((await store().messagePage({ problemKey: keyOf('other') })).items)).toEqual(['m1']);
      expect(await store().messageCounts()).toEqual([{ destinationKey: DESTINATION, count: 2, newestAt: T0 + 2 }]);
    });

    it.each([{}, { destinationKey: DESTINATION }, { problemKey: keyOf('problem') }])(
      'shows every message once, page by page, also those sent at the same moment: %j',
      async (filter) => {
        const messages = Array.from({ length: 17 }, (_, n) => messageOf(`m${n}`, { sentAt: T0 + Math.floor(n / 6) }));
        await store().saveMessages(messages);

        const seen: string[] = [];
        const times: number[] = [];
        let before: string | undefined;
        do {
          const page = await store().messagePage({ ...filter, limit: 4, ...(before === undefined ? {} : { before }) });
          expect(page.total).toBe(17);
          seen.push(...ids(page.items));
          times.push(...page.items.map(({ sentAt }) => sentAt));
          before = page.nextToken ?? undefined;
        } while (before !== undefined && seen.length < 100);

        expect([...seen].sort()).toEqual(ids(messages).sort());
        expect(times).toEqual([...times].sort((a, b) => b - a));
      },
    );

    it('shows later pages unchanged while new messages arrive', async () => {
      await store().saveMessages(Array.from({ length: 6 }, (_, n) => messageOf(`m${n}`, { sentAt: T0 + n })));
      const first = await store().messagePage({ limit: 3 });
      await store().saveMessages([messageOf('new', { sentAt: T0 + 100 })]);

      const second = await store().messagePage({ limit: 3, before: first.nextToken ?? '' });

      expect(ids(first.items)).toEqual(['m5', 'm4', 'm3']);
      expect(ids(second.items)).toEqual(['m2', 'm1', 'm0']);
    });

    it.each([{}, { destinationKey: DESTINATION }, { problemKey: keyOf('problem') }])(
      'leaves answers in threads out of items, total and pages when asked: %j',
      async (filter) => {
        const posts = Array.from({ length: 9 }, (_, n) => messageOf(`m${n}`, { sentAt: T0 + n * 10 }));
        const answers = posts.flatMap(({ id, sentAt }) =>
          [1, 2, 3].map((n) => messageOf(`${id}-${n}`, { inThreadOf: id, kind: 'reply', sentAt: sentAt + n })),
        );
        await store().saveMessages([...posts, ...answers]);

        const seen: string[] = [];
        let before: string | undefined;
        do {
          const page = await store().messagePage({
            ...{ ...filter, topLevelOnly: true, limit: 4 },
            ...(before === undefined ? {} : { before }),
          });
          expect(page.total).toBe(9);
          seen.push(...ids(page.items));
          before = page.nextToken ?? undefined;
        } while (before !== undefined && seen.length < 100);

        expect(seen).toEqual(ids(posts).reverse());
        expect((await store().messagePage({ ...filter, topLevelOnly: false })).total).toBe(36);
      },
    );

    it('finds the answers in the threads of given messages, in the order they were sent', async () => {
      await store().saveMessages([
        messageOf('m1', { sentAt: T0 + 1 }),
        messageOf('m2', { sentAt: T0 + 2 }),
        messageOf('a3', { sentAt: T0 + 5, inThreadOf: 'm1', kind: 'reply' }),
        messageOf('a1', { sentAt: T0 + 3, inThreadOf: 'm2', kind: 'reply', destinationKey: OTHER }),
        messageOf('a2', { sentAt: T0 + 4, inThreadOf: 'm1', kind: 'reply' }),
        messageOf('a4', { sentAt: T0 + 6, inThreadOf: 'nobody asked', kind: 'reply' }),
      ]);

      expect(ids(await store().replies(['m1', 'm2', 'm1', 'unknown']))).toEqual(['a1', 'a2', 'a3']);
      expect(ids(await store().replies(['m1']))).toEqual(['a2', 'a3']);
      expect((await store().replies(['m1']))[0]).toMatchObject({ inThreadOf: 'm1', kind: 'reply', sentAt: T0 + 4 });
      expect(await store().replies(['a2'])).toEqual([]);
      expect(await store().replies([])).toEqual([]);
    });

    it('finds the answers to a whole page of messages in one call', async () => {
      const posts = Array.from({ length: 200 }, (_, n) => `m${n}`);
      await store().saveMessages(posts.map((id) => messageOf(`answer to ${id}`, { inThreadOf: id, kind: 'reply' })));

      expect(await store().replies(posts)).toHaveLength(200);
    });

    it('finds an answer that was written again in another thread only there', async () => {
      await store().saveMessages([messageOf('a', { inThreadOf: 'm1', kind: 'reply' })]);

      await store().saveMessages([messageOf('a', { inThreadOf: 'm2', kind: 'reply' })]);

      expect(await store().replies(['m1'])).toEqual([]);
      expect(ids(await store().replies(['m1', 'm2']))).toEqual(['a']);
    });

    it('counts messages outside of threads by destination, with the newest moment of all', async () => {
      await store().saveMessages([
        messageOf('m1', { sentAt: T0 + 2 }),
        messageOf('m2', { sentAt: T0 + 2 }),
        messageOf('a1', { sentAt: T0 + 5, inThreadOf: 'm1', kind: 'reply' }),
        messageOf('m3', { sentAt: T0 + 1, destinationKey: OTHER }),
      ]);

      const counts = [...(await store().messageCounts())].sort((a, b) => b.count - a.count);

      expect(counts).toEqual([
        { destinationKey: DESTINATION, count: 2, newestAt: T0 + 5 },
        { destinationKey: OTHER, count: 1, newestAt: T0 + 1 },
      ]);
    });

    it.each(HOSTILE_TEXTS)('keeps hostile text in threads and messages: %j', async (text) => {
      const thread = threadOf(text, { destinationKey: text, messageId: text, channelId: text, ts: text });
      const message = messageOf(text, {
        destinationKey: text,
        problemKeys: [keyOf(text)],
        text,
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
        inThreadOf: text,
      });

      await store().settle('nobody', { outcomes: [], threads: [thread], messages: [message] });

      expect(await store().threads([keyOf(text)], text)).toEqual(new Map([[keyOf(text), thread]]));
      expect((await store().messagePage({ destinationKey: text, problemKey: keyOf(text) })).items).toEqual([message]);
      expect(await store().messageCounts()).toEqual([{ destinationKey: text, count: 0, newestAt: T0 }]);
      expect(await store().replies([text])).toEqual([message]);
    });
  });
}
