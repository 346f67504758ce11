import { describe, expect, test } from 'vitest';
import type { OutboxItem } from '#core/notification/outbox.ts';
import { itemOf, T0 } from '../../../test/contract/state-store/fixtures.ts';
import { changedOutboxPut, newOutboxPut } from './outbox-rows.ts';

const queued = itemOf('a');
const row = { item: queued, revision: 1, sequence: '0001' };

function keysAfter(over: Partial<OutboxItem>) {
  const { listPk, listSk, relatedPk, relatedSk } = changedOutboxPut(row, { ...queued, ...over }, T0).item;
  return { listPk, listSk, relatedPk, relatedSk };
}

const before = keysAfter({});

describe('the index keys of an outbox row', () => {
  test('are those of the new row', () => {
    expect(newOutboxPut(queued, '0001').item).toMatchObject(before);
  });

  test.each<Partial<OutboxItem>>([
    { state: 'sending', claim: { token: 'worker', at: T0 } },
    { state: 'queued', dueAt: T0 + 60_000, attempts: 3, lastError: 'no answer' },
  ])('stay while it is claimed and given back, so that an index that trails cannot lose it: %j', (over) => {
    expect(keysAfter(over)).toEqual(before);
  });

  test.each(['sent', 'covered', 'parked'] as const)('leave what delivery reads once it is %s', (state) => {
    expect(keysAfter({ state })).toMatchObject({ relatedPk: before.relatedPk, relatedSk: before.relatedSk });
    expect(keysAfter({ state }).listPk).not.toBe(before.listPk);
  });
});

test('a change of a row meets the revision it was made from', () => {
  const put = changedOutboxPut({ ...row, revision: 7 }, queued, T0);

  expect(put).toMatchObject({ condition: '#revision = :revision', values: { ':revision': 7 }, item: { revision: 8 } });
});
