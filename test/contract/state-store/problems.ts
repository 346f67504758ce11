import { describe, expect, it } from 'vitest';
import type { StateStore } from '#ports/state-store.ts';
import { creation, HOSTILE_TEXTS, historyOf, itemOf, keyOf, nextOf, problemOf, storePerTest, T0 } from './fixtures.ts';

/** Problems are written with their outbox items, history and raw event, or not at all. */
export function describeProblems(open: () => Promise<StateStore>): void {
  describe('problems', () => {
    const store = storePerTest(open);

    it('gives back a problem as it was written', async () => {
      const problem = problemOf('one', {
        observation: { accountNameHint: 'prod-payments', isPublic: false, facts: [{ label: 'port', value: '22' }] },
        told: {
          'slack:#a': {
            destination: { kind: 'slack', channel: '#a' },
            audience: 'team',
            language: 'ja',
            via: 'send',
            reason: { code: 'no-owner' },
            version: 1,
          },
        },
      });

      const lost = await store().apply([creation('one', { problem })]);

      expect(lost).toEqual([]);
      expect(await store().problems([problem.key])).toEqual(new Map([[problem.key, problem]]));
    });

    it('leaves keys it does not know out of the answer, however many are asked for', async () => {
      await store().apply([creation('one'), creation('two')]);
      const many = Array.from({ length: 250 }, (_, n) => keyOf(`unknown ${n}`));

      const found = await store().problems([keyOf('two'), ...many, keyOf('one'), keyOf('one')]);

      expect([...found.keys()].sort()).toEqual(['one', 'two']);
      expect(await store().problems([])).toEqual(new Map());
    });

    it('accepts an empty batch', async () => {
      expect(await store().apply([])).toEqual([]);
    });

    it('writes nothing of a change whose expected version is not the stored one, and all of the others', async () => {
      await store().apply([creation('held', { history: [historyOf('first')], rawEvent: 'raw 1' })]);
      const held = problemOf('held');
      const conflicting = nextOf(
        { ...held, version: 7 },
        { timesSeen: 9 },
        {
          outbox: [itemOf('item of the loser')],
          history: [historyOf('never')],
          rawEvent: 'raw never',
        },
      );

      const lost = await store().apply([
        creation('before', { outbox: [itemOf('item before')] }),
        conflicting,
        creation('after', { outbox: [itemOf('item after')], history: [historyOf('kept')], rawEvent: 'raw after' }),
      ]);

      expect(lost).toEqual([held.key]);
      expect((await store().problems([held.key])).get(held.key)).toEqual(held);
      expect(await store().outboxItem('item of the loser')).toBeUndefined();
      expect(await store().history(held.key)).toEqual([historyOf('first')]);
      expect(await store().rawEvent(held.key)).toBe('raw 1');
      expect((await store().problems([keyOf('before'), keyOf('after')])).size).toBe(2);
      expect(await store().outboxItem('item before')).toEqual(itemOf('item before'));
      expect(await store().outboxItem('item after')).toEqual(itemOf('item after'));
      expect(await store().history(keyOf('after'))).toEqual([historyOf('kept')]);
      expect(await store().rawEvent(keyOf('after'))).toBe('raw after');
    });

    it('refuses to create a problem that exists and to change one that does not', async () => {
      await store().apply([creation('there')]);

      const again = await store().apply([creation('there', { outbox: [itemOf('a')] })]);
      const missing = await store().apply([nextOf(problemOf('not there'), {}, { outbox: [itemOf('b')] })]);

      expect(again).toEqual(['there']);
      expect(missing).toEqual(['not there']);
      expect(await store().outboxItem('a')).toBeUndefined();
      expect(await store().outboxItem('b')).toBeUndefined();
      expect((await store().problems([keyOf('not there')])).size).toBe(0);
    });

    it('lets a second change of a problem in one batch meet the first', async () => {
      const first = problemOf('twice');

      const lost = await store().apply([
        creation('twice', { outbox: [itemOf('first')] }),
        creation('other'),
        nextOf(first, { timesSeen: 2 }, { outbox: [itemOf('second')] }),
        nextOf(first, { timesSeen: 99 }, { outbox: [itemOf('too late')] }),
      ]);

      expect(lost).toEqual(['twice']);
      expect((await store().problems([first.key])).get(first.key)).toMatchObject({ version: 2, timesSeen: 2 });
      expect(await store().outboxItem('first')).toBeDefined();
      expect(await store().outboxItem('second')).toBeDefined();
      expect(await store().outboxItem('too late')).toBeUndefined();
    });

    it('lets exactly one of 100 concurrent writers win each version', async () => {
      let current = 0;
      for (const round of [1, 2, 3]) {
        const attempts = Array.from({ length: 100 }, (_, n) =>
          store().apply([
            {
              problem: problemOf('contended', { version: round, timesSeen: n }),
              expectedVersion: current,
              outbox: [itemOf(`round ${round} writer ${n}`)],
              history: [historyOf(`round ${round} writer ${n}`)],
            },
          ]),
        );

        const results = await Promise.all(attempts);
        current = round;

        const winners = results.flatMap((lost, n) => (lost.length === 0 ? [n] : []));
        const stored = (await store().problems([keyOf('contended')])).get(keyOf('contended'));
        expect(winners).toHaveLength(1);
        expect(stored).toMatchObject({ version: round, timesSeen: winners[0] });
        expect((await store().history(keyOf('contended'))).map(({ detail }) => detail)).toHaveLength(round);
        expect((await store().outboxPage({ limit: 500 })).total).toBe(round);
        expect(await store().outboxItem(`round ${round} writer ${winners[0]}`)).toBeDefined();
      }
    });

    it('writes an outbox item once however often it is applied, and never sets it back', async () => {
      await store().apply([creation('p', { outbox: [itemOf('same')] })]);
      await store().claim(itemOf('same').destinationKey, T0, 10, 'worker');
      await store().settle('worker', {
        outcomes: [{ id: 'same', outcome: { kind: 'sent', messageId: 'm', at: T0 + 5 } }],
        threads: [],
        messages: [],
      });

      const lost = await store().apply([
        nextOf(problemOf('p'), {}, { outbox: [itemOf('same'), itemOf('other'), itemOf('other')] }),
      ]);

      expect(lost).toEqual([]);
      expect(await store().outboxItem('same')).toMatchObject({ state: 'sent', messageId: 'm' });
      expect((await store().outboxPage({})).total).toBe(2);
    });

    it('takes a change with many destinations', async () => {
      const outbox = Array.from({ length: 30 }, (_, n) =>
        itemOf(`item ${n}`, { destinationKey: `slack:#channel-${n}` }),
      );

      await store().apply([creation('wide', { outbox })]);

      expect(await store().dueDestinations(T0)).toHaveLength(30);
    });

    it('keeps history in the order it was written', async () => {
      const first = problemOf('p');
      const entries = [
        historyOf('1', { what: 'opened' }),
        historyOf('2', { what: 'routed' }),
        historyOf('3', { by: 'slack:U123', what: 'acknowledged', at: T0 + 1 }),
        historyOf('4', { at: T0 + 1 }),
        historyOf('5', { what: 'resolved', at: T0 + 2 }),
      ];

      await store().apply([creation('p', { history: entries.slice(0, 2) })]);
      await store().apply([nextOf(first, {}, { history: entries.slice(2, 4) })]);
      await store().apply([nextOf({ ...first, version: 2 }, {}, { history: entries.slice(4) })]);

      expect(await store().history(first.key)).toEqual(entries);
      expect(await store().history(keyOf('unknown'))).toEqual([]);
    });

    it('keeps the raw event of before when a change brings none, and replaces it when it does', async () => {
      const first = problemOf('p');
      await store().apply([creation('p', { rawEvent: '{"id":1}' })]);
      await store().apply([nextOf(first)]);
      const kept = await store().rawEvent(first.key);

      await store().apply([nextOf({ ...first, version: 2 }, {}, { rawEvent: '{"id":2}' })]);

      expect(kept).toBe('{"id":1}');
      expect(await store().rawEvent(first.key)).toBe('{"id":2}');
      expect(await store().rawEvent(keyOf('unknown'))).toBeUndefined();
    });

    it.each(rawTexts())('gives back a raw event as it came: $name', async ({ text }) => {
      await store().apply([creation('p', { rawEvent: text })]);

      // Compared as a boolean: a failing diff of a megabyte helps nobody.
      expect((await store().rawEvent(keyOf('p'))) === text).toBe(true);
    });

    it.each(HOSTILE_TEXTS)('keeps hostile text in every text field: %j', async (text) => {
      const problem = problemOf(`key ${text}`, {
        team: text,
        environment: text,
        assignedTo: text,
        acknowledgedBy: text,
        exceptionId: text,
        severityFrom: text,
        texts: { [text]: text },
        observation: {
          accountId: text,
          region: text,
          type: text,
          title: text,
          description: text,
          origin: text,
          resources: [{ type: text, id: text, name: text }],
          facts: [{ label: 'x', value: text }],
        },
      });
      const history = [historyOf(text, { by: text })];
      const item = itemOf(`id ${text}`, {
        destinationKey: `slack:${text}`,
        destination: { kind: 'slack', channel: text },
        problemKey: problem.key,
        reason: { code: 'route', route: text },
      });

      await store().apply([creation('x', { problem, history, outbox: [item] }), creation('bystander')]);

      expect(await store().problems([problem.key])).toEqual(new Map([[problem.key, problem]]));
      expect(await store().history(problem.key)).toEqual(history);
      expect(await store().outboxItem(item.id)).toEqual(item);
      expect(await store().dueDestinations(T0)).toEqual([
        { destinationKey: item.destinationKey, count: 1, oldestDueAt: T0 },
      ]);
      for (const filter of ['accountId', 'environment', 'team', 'region', 'type', 'assignedTo'] as const) {
        const page = await store().problemPage({ [filter]: [text] });
        expect(page.items).toEqual([problem]);
      }
      expect((await store().problemPage({ text })).items).toEqual([problem]);
      expect(await store().problemFacet('type')).toContainEqual({ value: text, count: 1 });
    });

    it('tells two keys apart that differ in a lone surrogate only', async () => {
      const pairs = ['a\ud800', 'a\ud801', 'a\ufffd', 'a?', 'a', 'a\u0000'];

      const lost = await store().apply(
        pairs.map((key, n) => creation('x', { problem: problemOf(key, { timesSeen: n }) })),
      );

      const found = await store().problems(pairs.map(keyOf));
      expect(lost).toEqual([]);
      expect(pairs.map((key) => found.get(keyOf(key))?.timesSeen)).toEqual([0, 1, 2, 3, 4, 5]);
    });
  });
}

/** A multiplicative generator: the same text in every run, and hard to compress. */
function noise(length: number): string {
  let seed = 42;
  let text = '';
  while (text.length < length) {
    seed = (seed * 48_271) % 2_147_483_647;
    text += seed.toString(16);
  }
  return text.slice(0, length);
}

function rawTexts(): { name: string; text: string }[] {
  const odd = 'lone \ud83d and \ude00, NUL \u0000, emoji \u{1f600}, 日本語, "quotes" \\';
  return [
    { name: 'empty', text: '' },
    { name: 'small with lone surrogates, NUL and emoji', text: odd },
    { name: '1 MB of repeated text', text: `${odd}{"Records":[${'{"awsRegion":"ap-northeast-1"},'.repeat(33_000)}` },
    { name: '1 MB that hardly compresses', text: `${noise(1_000_000)}${odd}` },
    { name: '10 KB without anything odd', text: JSON.stringify({ detail: noise(10_000) }) },
    { name: '100 KB of emoji', text: '\u{1f600}'.repeat(25_000) },
  ];
}
