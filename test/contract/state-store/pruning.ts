import { describe, expect, it } from 'vitest';
import type { StateStore } from '#ports/state-store.ts';
import {
  creation,
  DESTINATION,
  historyOf,
  ids,
  itemOf,
  keyOf,
  messageOf,
  nextOf,
  problemOf,
  queue,
  storePerTest,
  T0,
  threadOf,
} from './fixtures.ts';

const DAY = 86_400_000;
const NOTHING = { outboxItems: 0, messages: 0, unknownEvents: 0, problems: 0 };
const OTHER = 'slack:#sec-guardduty';

/** What goes and what stays; a store that leaves it to its database (`byItself`) keeps everything here. */
export function describePruning(open: () => Promise<StateStore>, options: { readonly byItself: boolean }): void {
  const { byItself } = options;
  const store = storePerTest(open);

  /** Sends the items under `id`, each at the time given. */
  async function send(sent: Readonly<Record<string, number>>, kind: 'sent' | 'covered' = 'sent'): Promise<void> {
    for (let round = 0; ; round += 1) {
      const token = `${kind} ${round}`;
      const claimed = await store().claim(DESTINATION, T0, 100, token);
      if (claimed.length === 0) return;
      await store().settle(token, {
        outcomes: claimed.map(({ id }) => {
          const at = sent[id];
          return at === undefined
            ? { id, outcome: { kind: 'parked', error: 'x', at: T0 } as const }
            : { id, outcome: { kind, messageId: 'm', at } as const };
        }),
        threads: [],
        messages: [],
      });
    }
  }

  /** A problem that was told and is over, as it was written at `at`. */
  async function endedProblem(name: string, at: number, seenAt = at): Promise<void> {
    const problem = problemOf(name, { lastSeenAt: seenAt });
    await store().apply([
      creation(name, { problem, history: [historyOf('opened', { what: 'opened', at })], rawEvent: `event of ${name}` }),
    ]);
    await store().apply([
      nextOf(
        problem,
        { status: 'resolved', resolvedAt: at },
        { history: [historyOf('over', { what: 'resolved', at })] },
      ),
    ]);
  }

  describe('pruning keeps', () => {
    it('what is younger than its days', async () => {
      await endedProblem('p', T0);
      await queue(store(), [itemOf('a')]);
      await send({ a: T0 });
      await store().saveMessages([messageOf('m')]);
      await store().keepUnknown([{ id: 'u', at: T0, detailType: 'x', reason: 'y', raw: '{}' }]);

      const afterMonth = await store().prune(T0 + 30 * DAY);
      const item = await store().outboxItem('a');
      const afterQuarter = await store().prune(T0 + 90 * DAY);
      const messages = await store().messagePage({});
      const afterYear = await store().prune(T0 + 400 * DAY);

      expect([afterMonth, item?.state]).toEqual([NOTHING, 'sent']);
      expect([afterQuarter.messages, ids(messages.items)]).toEqual([0, ['m']]);
      expect([afterYear.problems, afterYear.unknownEvents]).toEqual([0, 0]);
      expect((await store().problems([keyOf('p')])).size).toBe(1);
      expect(ids(await store().unknownEvents(10))).toEqual(['u']);
    });

    it('open problems with history, raw event and threads, whatever their age', async () => {
      await store().apply([creation('p', { history: [historyOf('opened')], rawEvent: '{}' })]);
      await store().settle('nobody', { outcomes: [], threads: [threadOf('p')], messages: [] });

      const removed = await store().prune(T0 + 5_000 * DAY);

      expect(removed).toEqual(NOTHING);
      expect([...(await store().problems([keyOf('p')])).keys()]).toEqual(['p']);
      expect(await store().history(keyOf('p'))).toEqual([historyOf('opened')]);
      expect(await store().rawEvent(keyOf('p'))).toBe('{}');
      expect(await store().threadsOf(keyOf('p'))).toEqual([threadOf('p')]);
    });

    it('the conversation of an open problem, its old answers too, so that the next answer has its place', async () => {
      await store().apply([creation('p'), creation('q')]);
      const digest = threadOf('q', { messageId: 'digest', merged: true });
      await store().settle('nobody', {
        outcomes: [],
        threads: [threadOf('p', { messageId: 'told' }), digest],
        messages: [
          messageOf('told', { problemKeys: [keyOf('p')] }),
          messageOf('answer', { problemKeys: [keyOf('p')], kind: 'reply', inThreadOf: 'told' }),
          messageOf('digest', { problemKeys: [keyOf('x'), keyOf('q')], kind: 'digest' }),
        ],
      });

      const removed = await store().prune(T0 + 1_000 * DAY);

      expect(removed.messages).toBe(0);
      expect(ids((await store().messagePage({})).items).sort()).toEqual(['answer', 'digest', 'told']);
      expect(ids(await store().replies(['told']))).toEqual(['answer']);
    });

    it('what waits, is under way or was given up, whatever its age', async () => {
      await queue(store(), [itemOf('parked'), itemOf('queued', { dueAt: T0 + 9 * DAY, problemKey: keyOf('q') })]);
      await send({});
      await queue(store(), [itemOf('sending')]);
      await store().claim(DESTINATION, T0, 1, 'worker');

      const removed = await store().prune(T0 + 5_000 * DAY);

      expect(removed).toEqual(NOTHING);
      const states = (await store().outboxPage({})).items.map(({ id, state }) => `${id} ${state}`);
      expect(states.sort()).toEqual(['parked parked', 'queued queued', 'sending sending']);
    });

    it('a problem that is over while one of its messages still waits', async () => {
      await endedProblem('p', T0);
      await store().apply([
        nextOf(
          problemOf('p', { version: 2, status: 'resolved' }),
          {},
          { outbox: [itemOf('a', { problemKey: keyOf('p') })] },
        ),
      ]);

      const removed = await store().prune(T0 + 1_000 * DAY);

      expect(removed.problems).toBe(0);
      expect((await store().outboxItem('a'))?.state).toBe('queued');
    });

    it('what was written lately, although the event says it is long over, and the other way round', async () => {
      await endedProblem('forged', T0 + 300 * DAY, 0);
      await endedProblem('repeated', T0, T0 + 300 * DAY);

      const removed = await store().prune(T0 + 401 * DAY);

      expect(removed.problems).toBe(0);
      expect((await store().problemPage({})).total).toBe(2);
    });

    it('exceptions, the audit log and settings for good', async () => {
      const exception = {
        ...{ id: 'e', scope: { type: 'S3.8' }, reason: 'public website', owner: 'alice', createdBy: 'cli:alice' },
        ...{ createdAt: T0, expiresAt: T0 + DAY, removedAt: T0, removedBy: 'cli:bob', silenced: 3 },
      };
      await store().saveException(exception);
      await store().putSetting('s', '1');
      const entry = await store().appendAudit({ at: T0, actor: 'a', action: 'b', target: 'c', detail: {} });

      const removed = await store().prune(T0 + 5_000 * DAY);

      expect(removed).toEqual(NOTHING);
      expect(await store().exceptions()).toEqual([exception]);
      expect(await store().setting('s')).toBe('1');
      expect(await store().auditEntries(0, 10)).toEqual([entry]);
    });
  });

  describe.skipIf(byItself)('pruning removes', () => {
    it('sent and covered outbox items after 30 days, counted from when they were sent', async () => {
      await queue(store(), [itemOf('old'), itemOf('late'), itemOf('elsewhere', { destinationKey: OTHER })]);
      await send({ old: T0, late: T0 + 5 * DAY });
      await queue(store(), [itemOf('covered')]);
      await send({ covered: T0 }, 'covered');

      const removed = await store().prune(T0 + 30 * DAY + 1);

      expect(removed).toEqual({ ...NOTHING, outboxItems: 2 });
      expect(ids((await store().outboxPage({})).items).sort()).toEqual(['elsewhere', 'late']);
      expect(await store().outboxItem('old')).toBeUndefined();
      expect((await store().outboxCounts()).map(({ count }) => count)).toEqual([1, 1]);
    });

    it.each([
      ['first', [0, 1]],
      ['last', [8, 9]],
      ['every other', [0, 2, 4, 6, 8]],
      ['all but one in the middle', [0, 1, 2, 3, 4, 6, 7, 8, 9]],
      ['all', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ])('%s outbox items of a problem, and lists the others of it in their order', async (_, gone) => {
      const names = Array.from({ length: 10 }, (_item, n) => `i${n}`);
      const outbox = names.map((id, n) => itemOf(id, { problemKey: keyOf('p'), createdAt: T0 + n }));
      await store().apply([creation('p', { outbox: outbox.slice(0, 4) })]);
      await store().apply([nextOf(problemOf('p'), {}, { outbox: outbox.slice(4) })]);
      const old = new Set(gone.map((n) => `i${n}`));
      await send(Object.fromEntries(names.map((id) => [id, old.has(id) ? T0 : T0 + 5 * DAY])));

      await store().prune(T0 + 31 * DAY);

      const left = names.filter((id) => !old.has(id));
      expect(ids((await store().outboxPage({ problemKey: keyOf('p') })).items)).toEqual([...left].reverse());
      await store().apply([
        nextOf(
          problemOf('p', { version: 2 }),
          {},
          { outbox: [itemOf('next', { problemKey: keyOf('p'), createdAt: T0 + 99 })] },
        ),
      ]);
      const listed = await store().outboxPage({ problemKey: keyOf('p') });
      expect(ids(listed.items)).toEqual(['next', ...[...left].reverse()]);
    });

    it('conversations after 90 days without a word, and whatever answers nothing that is left', async () => {
      await endedProblem('p', T0);
      await store().settle('nobody', {
        outcomes: [],
        threads: [threadOf('p', { messageId: 'over' })],
        messages: [
          messageOf('over', { problemKeys: [keyOf('p')] }),
          messageOf('over-answer', { problemKeys: [keyOf('p')], kind: 'reply', inThreadOf: 'over' }),
          messageOf('answered'),
          messageOf('its-answer', { kind: 'reply', inThreadOf: 'answered', sentAt: T0 + 5 * DAY }),
          messageOf('edited', { editedAt: T0 + 5 * DAY }),
          messageOf('notice', { kind: 'notice', problemKeys: [] }),
          messageOf('orphan', { kind: 'reply', inThreadOf: 'nothing' }),
        ],
      });

      const removed = await store().prune(T0 + 90 * DAY + 1);

      expect(removed).toEqual({ ...NOTHING, messages: 4 });
      expect(ids((await store().messagePage({})).items).sort()).toEqual(['answered', 'edited', 'its-answer']);
      expect((await store().messagePage({ problemKey: keyOf('p') })).total).toBe(0);
      expect(await store().replies(['over', 'nothing'])).toEqual([]);
    });

    it('a message of an open problem that was followed by another one', async () => {
      await store().apply([creation('p')]);
      await store().settle('nobody', {
        outcomes: [],
        threads: [threadOf('p', { messageId: 'second', episode: 2 })],
        messages: [
          messageOf('first', { problemKeys: [keyOf('p')] }),
          messageOf('second', { problemKeys: [keyOf('p')] }),
        ],
      });

      await store().prune(T0 + 91 * DAY);

      expect(ids((await store().messagePage({})).items)).toEqual(['second']);
    });

    it('events nobody understood after 400 days', async () => {
      const unknown = (id: string, at: number) => ({ id, at, detailType: 'x', reason: 'y', raw: 'z'.repeat(10_000) });
      await store().keepUnknown([unknown('a', T0), unknown('b', T0 + 1), unknown('c', T0 + 5 * DAY)]);

      const removed = await store().prune(T0 + 401 * DAY);

      expect(removed).toEqual({ ...NOTHING, unknownEvents: 2 });
      expect(ids(await store().unknownEvents(10))).toEqual(['c']);
    });

    it('problems 400 days after they ended, with everything that is theirs and nothing of others', async () => {
      await store().apply(
        ['p', 'neighbour'].map((name) =>
          creation(name, {
            problem: problemOf(name, { observation: { region: name } }),
            outbox: [itemOf(`item of ${name}`, { problemKey: keyOf(name) })],
            history: [historyOf('1', { at: T0 }), historyOf('2', { at: T0 })],
            rawEvent: `event of ${name}`,
          }),
        ),
      );
      await send({});
      await store().settle('nobody', { outcomes: [], threads: [threadOf('p'), threadOf('neighbour')], messages: [] });
      await store().apply([nextOf(problemOf('p', { observation: { region: 'p' } }), { status: 'suppressed' })]);

      const removed = await store().prune(T0 + 401 * DAY);

      expect(removed).toEqual({ ...NOTHING, problems: 1, outboxItems: 1 });
      expect([...(await store().problems([keyOf('p'), keyOf('neighbour')])).keys()]).toEqual(['neighbour']);
      expect((await store().problemPage({})).total).toBe(1);
      expect(await store().problemFacet('region')).toEqual([{ value: 'neighbour', count: 1 }]);
      expect([await store().history(keyOf('p')), await store().rawEvent(keyOf('p'))]).toEqual([[], undefined]);
      expect(await store().threadsOf(keyOf('p'))).toEqual([]);
      expect(await store().outboxItem('item of p')).toBeUndefined();
      expect(await store().history(keyOf('neighbour'))).toHaveLength(2);
      expect(await store().rawEvent(keyOf('neighbour'))).toBe('event of neighbour');
      expect(await store().threadsOf(keyOf('neighbour'))).toHaveLength(1);
      expect((await store().outboxPage({ problemKey: keyOf('neighbour') })).total).toBe(1);
    });

    it('so much of a problem that it is news when it comes back', async () => {
      const post = itemOf('post', { problemKey: keyOf('p') });
      await store().apply([creation('p', { outbox: [post], history: [historyOf('first')], rawEvent: 'first' })]);
      await send({});
      await store().settle('nobody', { outcomes: [], threads: [threadOf('p')], messages: [] });
      await store().apply([nextOf(problemOf('p'), { status: 'resolved', resolvedAt: T0 })]);
      await store().prune(T0 + 401 * DAY);

      const lost = await store().apply([
        creation('p', { outbox: [post], history: [historyOf('again')], rawEvent: 'again' }),
      ]);

      expect(lost).toEqual([]);
      expect(ids(await store().claim(DESTINATION, T0, 10, 'worker'))).toEqual(['post']);
      expect((await store().threads([keyOf('p')], DESTINATION)).size).toBe(0);
      expect(await store().history(keyOf('p'))).toEqual([historyOf('again')]);
      expect(await store().rawEvent(keyOf('p'))).toBe('again');
    });

    it('what is old among much that is not, wherever it lies', async () => {
      const names = Array.from({ length: 1_200 }, (_, n) => `n${n}`);
      const isOld = (n: number) => n % 3 === 0;
      await store().apply(
        names.map((name, n) => {
          const at = isOld(n) ? T0 : T0 + 5 * DAY;
          const problem = problemOf(name, { status: isOld(n) ? 'resolved' : 'open', lastSeenAt: at, firstSeenAt: at });
          return creation(name, { problem, history: [historyOf('x', { at })], rawEvent: name });
        }),
      );
      await store().keepUnknown(
        names.map((id, n) => ({ id, at: isOld(n) ? T0 : T0 + 5 * DAY, detailType: 'x', reason: 'y', raw: '{}' })),
      );
      await store().saveMessages(names.map((id, n) => messageOf(id, { sentAt: isOld(n) ? T0 : T0 + 400 * DAY })));

      const removed = await store().prune(T0 + 401 * DAY);

      expect(removed).toEqual({ ...NOTHING, problems: 400, unknownEvents: 400, messages: 400 });
      expect((await store().problemPage({})).total).toBe(800);
      expect((await store().messagePage({})).total).toBe(800);
      const raw = await Promise.all(names.map((name) => store().rawEvent(keyOf(name))));
      expect(raw).toEqual(names.map((name, n) => (isOld(n) ? undefined : name)));
      expect(await store().prune(T0 + 401 * DAY)).toEqual(NOTHING);
    });
  });
}
