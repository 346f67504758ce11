import { expect, it } from 'vitest';
import { slackAnswer } from './slack-answers.ts';

it('answers in the language of the reader', () => {
  expect(slackAnswer('assigned', 'en', { who: 'aiko' }).text).toBe('Assigned to aiko.');
  expect(slackAnswer('assigned', 'ja', { who: 'aiko' }).text).toBe('aiko さんが担当になりました。');
});

it('shows what others wrote as text', () => {
  const { text, blocks } = slackAnswer('failed', 'en', { detail: '<!channel> *now*' });

  expect(text).toBe('That did not work: &lt;!channel&gt; ∗now∗');
  expect(blocks).toEqual([{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }]);
});

it('stays within a paragraph however long the reason is', () => {
  const { text } = slackAnswer('why', 'ja', { reason: '&'.repeat(5_000) });

  expect(text.length).toBeLessThanOrEqual(3_000);
  expect(text.replaceAll('&amp;', '')).not.toContain('&');
});
