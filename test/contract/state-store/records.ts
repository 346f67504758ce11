import { describe, expect, it } from 'vitest';
import type { AuditDraft, AuditEntry } from '#core/audit/audit-entry.ts';
import { brokenLink, GENESIS_HASH } from '#core/audit/audit-entry.ts';
import type { Exception } from '#core/notification/exception.ts';
import type { StateStore, UnknownEvent } from '#ports/state-store.ts';
import { HOSTILE_TEXTS, ids, keyOf, storePerTest, T0 } from './fixtures.ts';

function exceptionOf(id: string, over: Partial<Exception> = {}): Exception {
  return {
    id,
    scope: { type: 'S3.8', accountId: '111122223333' },
    reason: 'A public website',
    owner: 'slack:U123',
    createdBy: 'console:local',
    createdAt: T0,
    expiresAt: T0 + 86_400_000,
    removedAt: null,
    removedBy: null,
    silenced: 0,
    ...over,
  };
}

function draftOf(target: string, over: Partial<AuditDraft> = {}): AuditDraft {
  return { at: T0, actor: 'cli:alice', action: 'exception.add', target, detail: {}, ...over };
}

function unknownOf(id: string, over: Partial<UnknownEvent> = {}): UnknownEvent {
  return { id, at: T0, detailType: 'AWS Something New', reason: 'unknown-kind', raw: '{}', ...over };
}

/** The first broken link, or undefined when the chain holds. */
function firstBroken(entries: readonly AuditEntry[]): string | undefined {
  return entries.map((entry, n) => brokenLink(entry, entries[n - 1])).find((problem) => problem !== undefined);
}

/** Exceptions, the audit chain, unknown events and settings. */
export function describeRecords(open: () => Promise<StateStore>): void {
  describe('exceptions', () => {
    const store = storePerTest(open);

    it('lists all of them, newest first, also ended ones', async () => {
      const ended = exceptionOf('b', { createdAt: T0 + 1, expiresAt: T0 + 2, removedAt: T0 + 2, removedBy: 'cli:bob' });
      const byKey = exceptionOf('c', {
        createdAt: T0 + 2,
        scope: { problemKey: keyOf('p'), resource: 'arn:aws:s3:::*', team: 'x' },
      });
      await store().saveException(exceptionOf('a'));
      await store().saveException(byKey);
      await store().saveException(ended);

      expect(await store().exceptions()).toEqual([byKey, ended, exceptionOf('a')]);
    });

    it('adds up what was silenced, also at the same time, and passes over ids it does not know', async () => {
      await store().saveException(exceptionOf('a', { silenced: 2 }));
      await store().saveException(exceptionOf('b'));

      await Promise.all(
        Array.from({ length: 20 }, () =>
          store().countSilenced(
            new Map([
              ['a', 3],
              ['unknown', 1],
            ]),
          ),
        ),
      );
      await store().countSilenced(new Map());

      const found = await store().exceptions();
      expect(new Map(found.map(({ id, silenced }) => [id, silenced]))).toEqual(
        new Map([
          ['a', 62],
          ['b', 0],
        ]),
      );
    });

    it('keeps the count when an exception is saved again', async () => {
      await store().saveException(exceptionOf('a'));
      await store().countSilenced(new Map([['a', 3]]));

      await store().saveException(exceptionOf('a', { removedAt: T0 + 5, removedBy: 'cli:bob' }));

      expect(await store().exceptions()).toEqual([
        exceptionOf('a', { removedAt: T0 + 5, removedBy: 'cli:bob', silenced: 3 }),
      ]);
    });

    it.each(HOSTILE_TEXTS)('keeps hostile text: %j', async (text) => {
      const exception = exceptionOf(text, {
        scope: { resource: text, type: text },
        reason: text,
        owner: text,
        createdBy: text,
      });
      await store().saveException(exception);
      await store().countSilenced(new Map([[text, 1]]));

      expect(await store().exceptions()).toEqual([{ ...exception, silenced: 1 }]);
    });
  });

  describe('audit log', () => {
    const store = storePerTest(open);

    it('chains each entry to the one before', async () => {
      const first = await store().appendAudit(draftOf('a'));
      const second = await store().appendAudit(draftOf('b', { detail: { b: [1, { z: null, a: 'x' }], a: true } }));

      const entries = await store().auditEntries(0, 100);

      expect(entries).toEqual([first, second]);
      expect(first).toMatchObject({ sequence: 1, previous: GENESIS_HASH, target: 'a' });
      expect(second).toMatchObject({ sequence: 2, previous: first.hash });
      expect(firstBroken(entries)).toBeUndefined();
    });

    it('stays one unbroken chain when many append at the same time', async () => {
      const targets = Array.from({ length: 40 }, (_, n) => `target ${n}`);

      const answers = await Promise.all(targets.map((target) => store().appendAudit(draftOf(target))));

      const entries = await store().auditEntries(0, 1_000);
      expect(firstBroken(entries)).toBeUndefined();
      expect(entries.map(({ target }) => target).sort()).toEqual([...targets].sort());
      expect([...answers].sort((a, b) => a.sequence - b.sequence)).toEqual(entries);
    });

    it('pages by sequence', async () => {
      for (const target of ['a', 'b', 'c', 'd']) await store().appendAudit(draftOf(target));

      const page = await store().auditEntries(1, 2);

      expect(page.map(({ target }) => target)).toEqual(['b', 'c']);
      expect(await store().auditEntries(4, 10)).toEqual([]);
    });

    it.each(HOSTILE_TEXTS)('keeps hostile text and its hash: %j', async (text) => {
      const draft = draftOf(text, { actor: text, action: text, detail: { [text]: [text] } });

      await store().appendAudit(draft);

      const entries = await store().auditEntries(0, 10);
      expect(entries).toMatchObject([draft]);
      expect(firstBroken(entries)).toBeUndefined();
    });
  });

  describe('unknown events', () => {
    const store = storePerTest(open);

    it('counts and keeps them', async () => {
      await store().keepUnknown([
        unknownOf('a'),
        unknownOf('b', { at: T0 + 2, raw: '{"x":1}' }),
        unknownOf('c', { at: T0 + 1, reason: 'schema', detailType: 'GuardDuty Finding' }),
      ]);
      await store().keepUnknown([]);

      const counts = [...(await store().unknownCounts())].sort((a, b) => b.count - a.count);

      expect(counts).toEqual([
        { detailType: 'AWS Something New', reason: 'unknown-kind', count: 2 },
        { detailType: 'GuardDuty Finding', reason: 'schema', count: 1 },
      ]);
      expect(ids(await store().unknownEvents(10))).toEqual(['b', 'c', 'a']);
      expect(await store().unknownEvents(1)).toEqual([unknownOf('b', { at: T0 + 2, raw: '{"x":1}' })]);
    });

    it('keeps an id once', async () => {
      await store().keepUnknown([unknownOf('a'), unknownOf('a')]);
      await store().keepUnknown([unknownOf('a')]);

      expect(await store().unknownEvents(10)).toEqual([unknownOf('a')]);
      expect(await store().unknownCounts()).toEqual([
        { detailType: 'AWS Something New', reason: 'unknown-kind', count: 1 },
      ]);
    });

    it('keeps many at once', async () => {
      await store().keepUnknown(Array.from({ length: 120 }, (_, n) => unknownOf(`e${n}`)));

      expect(await store().unknownEvents(500)).toHaveLength(120);
    });

    it.each([...HOSTILE_TEXTS, `1 MB ${'\u{1f600}\ud800'.repeat(170_000)}`])(
      'keeps the text as it came (case %#)',
      async (text) => {
        const label = text.slice(0, 100);
        await store().keepUnknown([unknownOf(label, { detailType: label, reason: label, raw: text })]);

        const [kept] = await store().unknownEvents(10);
        expect(kept?.raw === text).toBe(true);
        expect(kept).toMatchObject({ id: label, detailType: label, reason: label });
        expect(await store().unknownCounts()).toEqual([{ detailType: label, reason: label, count: 1 }]);
      },
    );
  });

  describe('settings', () => {
    const store = storePerTest(open);

    it('keeps named values and replaces them', async () => {
      const before = await store().setting('a');
      const first = await store().putSetting('a', '1');
      const second = await store().putSetting('a', '2');
      await store().putSetting('b', '');

      expect([before, first, second]).toEqual([undefined, true, true]);
      expect(await store().setting('a')).toBe('2');
      expect(await store().setting('b')).toBe('');
    });

    it('compares before it sets', async () => {
      const created = await store().putSetting('a', '1', { value: undefined });
      const createdAgain = await store().putSetting('a', '2', { value: undefined });
      const wrong = await store().putSetting('a', '2', { value: '9' });
      const missing = await store().putSetting('b', '2', { value: '1' });
      const right = await store().putSetting('a', '3', { value: '1' });

      expect([created, createdAgain, wrong, missing, right]).toEqual([true, false, false, false, true]);
      expect(await store().setting('a')).toBe('3');
      expect(await store().setting('b')).toBeUndefined();
    });

    it('lets one of many win a compare-and-set', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store().putSetting('turn', `worker ${n}`, { value: undefined })),
      );

      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await store().setting('turn')).toBe(`worker ${answers.indexOf(true)}`);
    });

    it('keeps the directory of a large organization', async () => {
      const directory = JSON.stringify(
        Array.from({ length: 5_000 }, (_, n) => ({
          id: String(100_000_000_000 + n),
          name: `決済-${n}`,
          ou: 'Workloads/Prod',
        })),
      );

      await store().putSetting('directory', directory);
      const swapped = await store().putSetting('directory', `${directory} `, { value: directory });

      expect(swapped).toBe(true);
      expect((await store().setting('directory')) === `${directory} `).toBe(true);
    });

    it.each(HOSTILE_TEXTS)('keeps hostile text: %j', async (text) => {
      await store().putSetting(text, text);

      expect(await store().setting(text)).toBe(text);
      expect(await store().putSetting(text, 'next', { value: text })).toBe(true);
    });
  });
}
