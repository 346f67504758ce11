import { expect, it } from 'vitest';
import { timeFormat } from '../../format/time-format.ts';
import { en } from '../../i18n/en.ts';
import type { Speech } from '../../i18n/texts-context.tsx';
import { actorPairs, factPair } from './finding-facts.ts';

// The texts asked for here have no placeholders.
const t = ((key: keyof typeof en) => en[key]) as Speech['t'];
const speech = { t, time: timeFormat('en', 'UTC') };

it('names facts of the catalog and writes times as times', () => {
  expect(factPair({ label: 'standards', value: 'CIS' }, speech)).toEqual({ label: 'Standards', value: 'CIS' });
  expect(factPair({ label: 'startsAt', value: '1790000000000' }, speech)).toEqual({
    label: 'Starts',
    value: 'Sep 21, 2026, 14:13 (UTC)',
  });
});

it('says the words of AWS Health in the language of the reader', () => {
  expect(factPair({ label: 'category', value: 'scheduledChange' }, speech).value).toBe('Scheduled change');
  expect(factPair({ label: 'healthStatus', value: 'upcoming' }, speech).value).toBe('Upcoming');
  expect(factPair({ label: 'category', value: 'newWord' }, speech).value).toBe('newWord');
});

it('shows a fact it does not know by its own word', () => {
  expect(factPair({ label: 'threatListName', value: 'x' }, speech)).toEqual({ label: 'Threat list name', value: 'x' });
});

it('shows what is known of the actor and nothing else', () => {
  expect(actorPairs({ ip: '203.0.113.57', action: 'GetObject' }, t)).toEqual([
    { label: 'IP address', value: '203.0.113.57' },
    { label: 'Action', value: 'GetObject' },
  ]);
  expect(actorPairs(null, t)).toEqual([]);
});
