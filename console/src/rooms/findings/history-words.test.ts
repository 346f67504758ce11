import { expect, it } from 'vitest';
import { en } from '../../i18n/en.ts';
import { formatMessage } from '../../i18n/message-format.ts';
import type { Speech } from '../../i18n/texts-context.tsx';
import { historyDetail, isByPerson } from './history-words.ts';

const rules = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en');
// The same as the console's own, without React.
const speak = (key: keyof typeof en, values: Readonly<Record<string, string>> = {}) =>
  formatMessage(en[key], values, rules, numbers);
const t = speak as Speech['t'];

it.each([
  ['opened', 'CRITICAL', 'Critical'],
  ['updated', 'count', 'Changed: count'],
  ['updated', 'start, communication, newThing', 'Changed: start time, new communication, newThing'],
  ['assigned', 'count', 'count'],
  ['acknowledged', '', ''],
] as const)('tells %s with the detail %j', (what, detail, expected) => {
  expect(historyDetail({ what, detail }, t)).toBe(expected);
});

it('knows people from sources', () => {
  expect([isByPerson({ what: 'assigned' }), isByPerson({ what: 'resolved' })]).toEqual([true, false]);
});
