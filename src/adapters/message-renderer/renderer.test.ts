import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '#core/finding/severity.ts';
import type { MessageInput, SlackFormatter } from '#core/notification/message.ts';
import { accountLabel } from '#core/organization/account.ts';
import { expectPlaceInHeader, expectSafe } from '../../../test/contract/slack-formatter.contract.ts';
import { createRenderer } from './renderer.ts';

const goldens = [
  'guardduty-finding',
  'securityhub-control',
  'securityhub-vulnerability',
  'securityhub-finding',
  'health-event',
  'account-lifecycle',
];
const inputs = goldens.map((name) => {
  const file = join(import.meta.dirname, `../../formatters/slack/${name}.golden.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { base: MessageInput }).base; // our own file
});
const [guardDuty] = inputs;
if (guardDuty === undefined) throw new Error('no golden file');
const renderer = createRenderer();

function withAccount(input: MessageInput, account: Partial<MessageInput['account'] & object>): MessageInput {
  return input.account === null ? input : { ...input, account: { ...input.account, ...account } };
}

function observed(input: MessageInput, more: Partial<MessageInput['problem']['observation']>): MessageInput {
  return { ...input, problem: { ...input.problem, observation: { ...input.problem.observation, ...more } } };
}

describe('a message', () => {
  it.each(inputs)('of every topic ($problem.observation.topic) names the account and says what to do', (input) => {
    const message = renderer.message(input);

    expectSafe(message);
    expectPlaceInHeader(message, input);
    expect(message.text).toContain(input.account === null ? '' : accountLabel(input.account));
    expect(JSON.stringify(message.blocks[1])).toContain('*What to do:*');
  });

  it('keeps the whole label of the account whatever else has to be cut', () => {
    const name = fc
      .string({ unit: fc.constantFrom(...'abc-_ &漢'), minLength: 1, maxLength: 50 })
      .map((text) => `a${text}z`.replaceAll(/\s+/g, ' '));
    fc.assert(
      fc.property(fc.constantFrom(...inputs), name, fc.string({ maxLength: 400 }), (input, account, title) => {
        const given = withAccount(observed(input, { title, type: 'New:Kind/Of' }), { name: account });

        expectPlaceInHeader(renderer.message(given), given);
      }),
    );
  });

  it('carries the buttons by which people act on it', () => {
    const { blocks } = renderer.message(guardDuty);
    const buttons = blocks.find((block) => block.type === 'actions');

    expect(buttons).toMatchObject({
      block_id: 'yagura',
      elements: [
        { action_id: 'yagura.acknowledge', value: guardDuty.problem.key },
        { action_id: 'yagura.assign', value: guardDuty.problem.key },
        { action_id: 'yagura.accept-risk', value: guardDuty.problem.key },
        { action_id: 'yagura.why', value: guardDuty.problem.key },
        { action_id: 'yagura.open-aws', url: guardDuty.sourceUrl },
        { action_id: 'yagura.open-console', url: guardDuty.consoleUrl },
      ],
    });
  });

  it('of an end is the closing one', () => {
    const over = {
      ...guardDuty,
      action: 'resolve' as const,
      problem: { ...guardDuty.problem, status: 'resolved' as const },
    };

    expect(renderer.message(over).text).toMatch(/^✅ Resolved: .* – prod-payments \(111122223333\)$/);
    expect(renderer.reply(over)).toEqual({
      text: renderer.message(over).text,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: renderer.message(over).text, verbatim: true } }],
    });
  });
});

describe('an answer in a thread', () => {
  const changed = (names: readonly string[], input = guardDuty): MessageInput => ({
    ...input,
    action: 'update',
    reason: { code: 'told-before', changed: names },
  });

  it.each([
    ['severity', observed(guardDuty, { severity: 'CRITICAL' }), '*severity:* now 🚨 CRITICAL'],
    ['count', observed(guardDuty, { count: 9 }), '*count:* now 9 times'],
    ['status', observed(guardDuty, { marks: { status: 'closed' } }), '*status:* now closed'],
    [
      'start',
      observed(guardDuty, { marks: { start: '1793502000000' } }),
      '*start time:* now <!date^1793502000^{date_short_pretty} {time}|2026-11-01 03:00 UTC>',
    ],
    ['end', observed(guardDuty, { marks: { end: '' } }), '*end time:* none'],
    [
      'communication',
      observed(guardDuty, { description: 'AWS says *more*.' }),
      '*new communication:* now AWS says ∗more∗.',
    ],
    ['resources', observed(guardDuty, { resourceCount: 12 }), '*affected resources:* now 12 resources'],
    [
      'acknowledged',
      { ...guardDuty, problem: { ...guardDuty.problem, acknowledgedBy: 'aiko' } },
      '*acknowledged:* now aiko',
    ],
    ['assigned', guardDuty, '*assignee:* none'],
    ['exception', guardDuty, '*risk accepted:* none'],
    ['text', guardDuty, '*details:* changed, see above'],
    ['something new', guardDuty, '*something new:* changed, see above'],
  ])('says what is new of %s', (name, input, line) => {
    const { text } = renderer.reply(changed([name], input));

    expect(text).toBe(`🔄 Updated\n${line}`);
  });

  it('says a new communication once', () => {
    const { text } = renderer.reply(changed(['communication', 'description']));

    expect(text.split('\n')).toHaveLength(2);
  });

  it('says why it came when nothing is named', () => {
    expect(renderer.reply({ ...guardDuty, language: 'ja' }).text).toContain('チーム「payments」');
  });
});

describe('digests', () => {
  const entry = (index: number): MessageInput => {
    const input = inputs[index % inputs.length] ?? guardDuty;
    const name = `resource-${index}`;
    const unique = observed(input, {
      severity: SEVERITIES[index % 5] ?? 'LOW',
      resources: [{ type: 'AwsEc2Instance', id: name }],
    });
    return withAccount(unique, {
      name: `account-${index % 12}`,
      id: `1111222233${String(index % 12).padStart(2, '0')}`,
    });
  };
  const many = Array.from({ length: 1_000 }, (_, index) => entry(index));
  const digests = (language: 'en' | 'ja', entries = many) =>
    renderer.digests({ language, cause: 'burst', entries, consoleUrl: 'https://yagura.example.com' });

  it.each(['en' as const, 'ja' as const])('hold every entry once, on a line of its own, in %s', (language) => {
    const parts = digests(language);

    const lines = parts.flatMap(({ message }) => message.blocks.flatMap((block) => textOf(block).split('\n')));
    const found = many.map((_, index) => lines.filter((line) => line.includes(`\`resource-${index}\``)).length);
    expect(found.every((count) => count === 1)).toBe(true);
    expect(parts.flatMap(({ entries }) => entries)).toEqual(many);
  });

  it('cut nothing and say which part they are', () => {
    const parts = digests('en');

    expect(parts.length).toBeLessThanOrEqual(20);
    for (const [index, { message }] of parts.entries()) {
      expectSafe(message);
      expect(JSON.stringify(message)).not.toMatch(/more (?:characters|parts)/);
      expect(message.text).toContain(`(part ${index + 1}/${parts.length})`);
    }
  });

  it('hold at least 60 typical entries each', () => {
    const sizes = digests('en').map(({ entries }) => entries.length);

    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(60);
  });

  it('cut nothing of hostile entries either', () => {
    const words = fc.string({ unit: fc.constantFrom('&', '<', '*', 'a', '漢', ' ', '\u202e', '|'), maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words, words), { minLength: 1, maxLength: 120 }), (texts) => {
        const entries = texts.map(([title, id, name], index) =>
          withAccount(
            observed(entry(index), { title, type: 'New', product: title, facts: [], resources: [{ type: id, id }] }),
            { name },
          ),
        );

        const parts = digests('ja', entries);

        expect(parts.reduce((sum, part) => sum + part.entries.length, 0)).toBe(entries.length);
        for (const { message } of parts) {
          expectSafe(message);
          expect(JSON.stringify(message)).not.toMatch(/文字を省略|項目を省略/);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of nothing are none', () => {
    expect(digests('en', [])).toEqual([]);
  });
});

describe('a message form with a bug', () => {
  const fail = (): never => {
    throw new Error('a bug');
  };
  const broken: SlackFormatter[] = [
    { id: 'a', for: 'topic', topics: ['guardduty-finding'], format: fail },
    { id: 'b', for: 'end', format: fail },
    { id: 'c', for: 'digest', format: fail, capacity: fail },
  ];

  it('costs no message: the facts are said plainly, and that something is wrong', () => {
    for (const action of ['post', 'resolve'] as const) {
      const message = createRenderer(broken).message({ ...guardDuty, action });

      expectSafe(message);
      expectPlaceInHeader(message, guardDuty);
      expect(JSON.stringify(message)).toContain('because of a bug');
      expect(JSON.stringify(message)).toContain(guardDuty.problem.key);
    }
  });

  it('costs no entry of a digest', () => {
    const entries = Array.from({ length: 45 }, () => guardDuty);

    const parts = createRenderer(broken).digests({ language: 'en', cause: 'burst', entries, consoleUrl: null });

    expect(parts.flatMap((part) => part.entries)).toHaveLength(45);
    for (const { message } of parts) {
      expectSafe(message);
      expect(JSON.stringify(message)).not.toMatch(/more (?:characters|parts)/);
    }
  });

  it('is the same as a topic that nobody has a form for', () => {
    expect(JSON.stringify(createRenderer([]).message(guardDuty))).toContain('because of a bug');
  });
});

function textOf(block: { readonly [property: string]: unknown }): string {
  const text = block['text'] as { text: string } | undefined; // a section's or header's only shape
  return text?.text ?? '';
}
