import { expect, it } from 'vitest';
import { helpParagraphs } from './help-paragraphs.ts';

it('makes paragraphs of lines and one list of neighbouring points', () => {
  expect(helpParagraphs('first\n- a\n- b\nlast')).toEqual([
    { kind: 'text', line: 'first' },
    { kind: 'list', lines: ['a', 'b'] },
    { kind: 'text', line: 'last' },
  ]);
});
