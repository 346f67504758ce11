import { afterEach, describe, expect, test } from 'vitest';
import { MAX_EXCEPTION_DAYS } from '#core/notification/exception.ts';
import type { AcceptRiskForm } from '#ports/slack-actions.ts';
import { viewSubmissionPayload } from '../../../test/stand-ins/slack/interactions.ts';
import { type SlackStandIn, startSlackStandIn } from '../../../test/stand-ins/slack/slack-stand-in.ts';
import { acceptRiskView, DAYS, FORM_TEXTS } from './accept-risk-view.ts';
import { parseSlackPayload } from './parse-interaction.ts';
import { keyOfReference } from './problem-reference.ts';
import { createSlackResponder } from './slack-responder.ts';

const FORM: AcceptRiskForm = {
  kind: 'accept-risk',
  language: 'ja',
  subject: 'prod-payments (111122223333) で S3 バケットが公開されています',
  problem: 'securityhub:S3.8:arn:aws:s3:::example:111122223333:eu-west-1',
  channel: { id: 'C0000000001', name: 'payments-securityhub' },
  messageTs: '1700000000.000001',
  threadTs: null,
};

let slack: SlackStandIn | undefined;
afterEach(async () => {
  await slack?.stop();
  slack = undefined;
});

async function start(now: () => number = () => 1_700_000_000_000): Promise<SlackStandIn> {
  slack = await startSlackStandIn({ channels: ['#soc'], now, minimumIntervalMs: 0 });
  return slack;
}

const responderTo = (to: SlackStandIn) => createSlackResponder({ token: to.botToken, baseUrl: to.apiUrl });
const answers = (reason: string, scope = 'problem', days = '30') => ({
  reason: { reason: { type: 'plain_text_input', value: reason } },
  scope: { scope: { type: 'static_select', selected_option: { value: scope } } },
  days: { days: { type: 'static_select', selected_option: { value: days } } },
});

test.each(['en', 'ja'] as const)('is a form Slack takes, in %s', async (language) => {
  const slack = await start();

  const result = await responderTo(slack).openView(slack.trigger(), { ...FORM, language });

  expect(result).toEqual({ kind: 'sent', channelId: null, ts: null });
  expect(slack.views[0]?.view).toMatchObject({ title: { text: FORM_TEXTS[language].title } });
});

test('has every text in both languages, none the same', () => {
  const texts = (language: 'en' | 'ja') => Object.values(FORM_TEXTS[language]).map((text) => JSON.stringify(text));
  const shared = texts('en').filter((text) => text !== undefined && texts('ja').includes(text));

  expect(Object.keys(FORM_TEXTS.ja)).toEqual(Object.keys(FORM_TEXTS.en));
  expect(shared).toEqual([]);
  expect([FORM_TEXTS.en.dayCount(7), FORM_TEXTS.ja.dayCount(7)]).toEqual(['7 days', '7 日間']);
});

test('offers no more days than an exception may last', () => {
  expect(Math.max(...DAYS)).toBe(MAX_EXCEPTION_DAYS);
});

test('comes back with what it remembered', () => {
  const view = acceptRiskView({ ...FORM, threadTs: '1600000000.000001' });

  const parsed = parseSlackPayload(
    viewSubmissionPayload({ view, values: answers('決済チームが来週リリースで直します。') }),
  );

  expect(parsed).toEqual({
    kind: 'interaction',
    interaction: {
      kind: 'accept-risk-submit',
      user: { id: 'U0000000042', name: 'hanako' },
      channel: FORM.channel,
      messageTs: FORM.messageTs,
      threadTs: '1600000000.000001',
      triggerId: '1.1.submission',
      problem: FORM.problem,
      values: { reason: '決済チームが来週リリースで直します。', scope: 'problem', days: 30 },
      language: 'ja',
    },
  });
});

test('takes the longest and strangest reference within Slack’s limits', async () => {
  const slack = await start();
  const problem = '\u0001"\\'.repeat(666);
  const subject = '<!channel> *bold* '.repeat(1_000);

  const result = await responderTo(slack).openView(slack.trigger(), { ...FORM, problem, subject });
  const view = slack.views[0]?.view ?? {};
  const parsed = parseSlackPayload(viewSubmissionPayload({ view, values: answers('long enough reason') }));

  expect(result.kind).toBe('sent');
  if (parsed.kind !== 'interaction') throw new Error(JSON.stringify(parsed));
  expect(keyOfReference(parsed.interaction.problem, ['another', problem])).toBe(problem);
});

describe('what was not filled in properly', () => {
  const WRONG: [string, ReturnType<typeof answers>, string[]][] = [
    ['a short reason', answers('too short'), ['reason']],
    ['a reason of spaces', answers('            '), ['reason']],
    ['a reason of 1,001 characters', answers('x'.repeat(1_001)), ['reason']],
    ['an unknown scope', answers('long enough reason', 'everything'), ['scope']],
    ['91 days', answers('long enough reason', 'problem', '91'), ['days']],
    ['endless days', answers('long enough reason', 'problem', 'Infinity'), ['days']],
    ['everything', answers('', '', ''), ['reason', 'scope', 'days']],
  ];
  test.each(WRONG)('is shown beside its input: %s', (_, values, blocks) => {
    const parsed = parseSlackPayload(viewSubmissionPayload({ view: acceptRiskView(FORM), values }));

    if (parsed.kind !== 'invalid-form') throw new Error(JSON.stringify(parsed));
    expect(Object.keys(parsed.errors)).toEqual(blocks);
    expect(Object.values(parsed.errors).join('')).toMatch(/[ぁ-ん]/);
  });

  test('includes inputs that are missing altogether', () => {
    const parsed = parseSlackPayload(viewSubmissionPayload({ view: acceptRiskView(FORM), values: {} }));

    expect(parsed).toMatchObject({ kind: 'invalid-form' });
  });

  test('counts characters, not bytes: ten Japanese ones are enough', () => {
    const parsed = parseSlackPayload(
      viewSubmissionPayload({ view: acceptRiskView(FORM), values: answers('来週の更新で直します') }),
    );

    expect(parsed.kind).toBe('interaction');
  });
});

describe('a responder', () => {
  const MESSAGE = { text: 'Assigned to you.', blocks: [] };

  test('whispers to one person and answers in the thread', async () => {
    const slack = await start();
    const channelId = slack.addChannel({ name: 'payments' }).id;
    const responder = responderTo(slack);

    const whispered = await responder.postEphemeral({ channelId, userId: 'U1', threadTs: '1.1' }, MESSAGE);
    const replied = await responder.reply({ channelId, threadTs: '1.1' }, MESSAGE);

    expect([whispered.kind, replied.kind]).toEqual(['sent', 'sent']);
    expect(slack.messages('#payments')).toMatchObject([
      { ephemeralFor: 'U1', threadTs: '1.1' },
      { ephemeralFor: null, threadTs: '1.1' },
    ]);
  });

  test('says that the button must be pressed again when three seconds are over', async () => {
    let now = 1_700_000_000_000;
    const slack = await start(() => now);
    const trigger = slack.trigger();
    now += 3_001;

    const result = await responderTo(slack).openView(trigger, FORM);

    expect(result).toMatchObject({ kind: 'rejected', error: expect.stringContaining('press the button again') });
  });
});
