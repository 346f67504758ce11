import { expect, it } from 'vitest';
import { eventTextProblem, MAX_EVENT_CHARACTERS } from './event-text.ts';

it.each([
  ['nothing', ' \n', 'empty'],
  ['a sentence', 'hello', 'not-json'],
  ['half an event', '{"detail":', 'not-json'],
  ['a bare number', '42', 'not-json'],
  ['too much', 'x'.repeat(MAX_EVENT_CHARACTERS + 1), 'long'],
  ['an event', '{"detail":{}}', undefined],
  ['an array', '[{"detail":{}}]', undefined],
  ['one event a line', '{"a":1}\n{"b":2}\n', undefined],
  ['lines of which one is broken', '{"a":1}\n{"b":', undefined],
])('judges %s', (_name, text, expected) => {
  expect(eventTextProblem(text)).toBe(expected);
});
