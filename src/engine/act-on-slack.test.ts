import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/memory-store.ts';
import type { ProblemKey } from '#core/finding/observation.ts';
import { acceptEvents } from '#engine/accept-events.ts';
import { actOnSlack, type SlackPorts } from '#engine/act-on-slack.ts';
import { addException, riskScope } from '#engine/problem-actions.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';
import { awsEvent, type EventRecipe } from '../../test/stand-ins/events/aws-events.ts';
import { contextOf, TEST_NOW } from '../../test/stand-ins/events/fates.ts';
import { createFakeClock, createSeededRandom } from '../../test/stand-ins/time.ts';

const KEY = 'guardduty:16afba5c5c43e07c9e3e5e2e544e95df' as ProblemKey;
const DAY = 86_400_000;

type Said = { readonly to: string; readonly text: string };

async function started(...recipes: readonly EventRecipe[]) {
  const store = createMemoryStore();
  const { directory, policy } = contextOf('issue');
  const said: Said[] = [];
  const views: unknown[] = [];
  const isShown = { value: true };
  const ports: SlackPorts = {
    store,
    clock: createFakeClock(TEST_NOW),
    random: createSeededRandom(),
    directory: () => directory,
    responder: {
      postEphemeral: async (to, message) => {
        if (!isShown.value) return { kind: 'rejected', error: 'user_not_in_channel' };
        said.push({ to: `${to.userId} in ${to.channelId}`, text: message.text });
        return { kind: 'sent', channelId: to.channelId, ts: '1.1' };
      },
      openView: async (_triggerId, view) => {
        views.push(view);
        return { kind: 'sent', channelId: '', ts: '' };
      },
      reply: async (to, message) => {
        said.push({ to: `thread ${to.threadTs} in ${to.channelId}`, text: message.text });
        return { kind: 'sent', channelId: to.channelId, ts: '1.2' };
      },
    },
  };
  await acceptEvents(
    recipes.map((recipe) => ({ event: awsEvent(recipe) })),
    { ...ports, policy: () => policy },
  );
  const problem = async () => (await store.problems([KEY])).get(KEY);
  const actions = async () => (await store.auditEntries(0, 100)).map((entry) => `${entry.actor} ${entry.action}`);
  return { store, ports, said, views, isShown, problem, actions };
}

function clicked(parts: Partial<SlackInteraction> = {}): SlackInteraction {
  return {
    kind: 'acknowledge',
    user: { id: 'U1', name: 'sato' },
    channel: { id: 'C0000001', name: 'payments-guardduty' },
    messageTs: '100.1',
    threadTs: null,
    triggerId: 't',
    problem: KEY,
    ...parts,
  } as SlackInteraction;
}

function submitted(values: object): SlackInteraction {
  return clicked({ kind: 'accept-risk-submit', language: 'ja', values } as Partial<SlackInteraction>);
}

describe('buttons in Slack', () => {
  it('acknowledge: it is remembered, audited, told to everybody who was told, and answered in the channel’s language', async () => {
    const { ports, problem, said, actions, store } = await started('guardduty');

    await actOnSlack(clicked(), ports);

    expect(await problem()).toMatchObject({ acknowledgedBy: 'sato', version: 2 });
    expect(await actions()).toEqual(['slack:U1 finding.acknowledge']);
    expect((await store.outboxPage({})).items.filter(({ action }) => action === 'update')).toHaveLength(2);
    expect(said).toEqual([{ to: 'U1 in C0000001', text: 'sato さんが確認しました。' }]);
    expect((await store.history(KEY)).map(({ what, by }) => [what, by])).toEqual([
      ['opened', 'guardduty'],
      ['acknowledged', 'sato'],
    ]);
  });

  it('pressed twice change nothing the second time', async () => {
    const { ports, problem, store } = await started('guardduty');

    await actOnSlack(clicked(), ports);
    await actOnSlack(clicked(), ports);

    expect(await problem()).toMatchObject({ version: 2 });
    expect((await store.outboxPage({})).items.filter(({ action }) => action === 'update')).toHaveLength(2);
  });

  it('assign to me, in the language of the channel where it was pressed', async () => {
    const { ports, problem, said } = await started('guardduty');

    await actOnSlack(clicked({ kind: 'assign', channel: { id: 'C0000002', name: 'sec-guardduty' } }), ports);

    expect(await problem()).toMatchObject({ assignedTo: 'sato' });
    expect(said).toEqual([{ to: 'U1 in C0000002', text: 'Assigned to sato.' }]);
  });

  it('why: the reason of the first message, also after updates', async () => {
    const { ports, said } = await started('guardduty', {
      of: 'guardduty',
      minutes: 10,
      set: { 'detail.service.count': 9 },
    });

    await actOnSlack(clicked({ kind: 'why', channel: { id: 'C0000002', name: 'sec-guardduty' } }), ports);

    expect(said[0]?.text).toBe('You got this because: the central team wants LOW and above.');
  });

  it('accept risk: a form that names the problem and the account', async () => {
    const { ports, views } = await started('guardduty');

    await actOnSlack(clicked({ kind: 'accept-risk-open' }), ports);

    expect(views).toEqual([
      expect.objectContaining({
        kind: 'accept-risk',
        language: 'ja',
        problem: KEY,
        subject: expect.stringMatching(/SSH brute force.* – payments-prod \(111122223333\)$/),
      }),
    ]);
  });

  it('a form sent makes an exception that covers the problem from then on', async () => {
    const { ports, problem, said, store, actions } = await started('guardduty');

    await actOnSlack(submitted({ reason: 'pentest', scope: 'account-type', days: 7 }), ports);

    const [exception] = await store.exceptions();
    expect(exception).toMatchObject({
      scope: { type: 'UnauthorizedAccess:EC2/SSHBruteForce', accountId: '111122223333' },
      owner: 'sato',
      expiresAt: TEST_NOW + 7 * DAY,
    });
    expect(await problem()).toMatchObject({ exceptionId: exception?.id });
    expect(await actions()).toEqual(['slack:U1 exception.add']);
    expect(said[0]?.text).toBe('sato さんが 2026-01-12 までリスクを受容しました。対象はそれまで通知されません。');
  });

  it.each([
    ['91 days', { reason: 'pentest', scope: 'problem', days: 91 }],
    ['no day', { reason: 'pentest', scope: 'problem', days: 0 }],
    ['no reason', { reason: '  ', scope: 'problem', days: 7 }],
  ])('a form with %s is answered with what is wrong and makes no exception', async (_what, values) => {
    const { ports, said, store } = await started('guardduty');

    await actOnSlack(submitted(values), ports);

    expect(await store.exceptions()).toEqual([]);
    expect(said[0]?.text).toMatch(/An exception/);
  });

  it('of a problem that is gone say so', async () => {
    const { ports, said } = await started();

    await actOnSlack(clicked(), ports);

    expect(said[0]?.text).toMatch(/not known any more/);
  });

  it('answer in the thread when the person cannot be told alone', async () => {
    const { ports, said, isShown } = await started('guardduty');
    isShown.value = false;

    await actOnSlack(clicked({ threadTs: '99.9' }), ports);

    expect(said).toEqual([{ to: 'thread 99.9 in C0000001', text: expect.any(String) }]);
  });

  it('repeat nothing of a hostile name as a command', async () => {
    const { ports, said } = await started('guardduty');

    await actOnSlack(clicked({ user: { id: 'U1', name: '<!channel> *x*' } }), ports);

    expect(said[0]?.text).not.toContain('<!channel>');
  });
});

describe('what an accepted risk covers', () => {
  it.each<[string, EventRecipe, 'problem' | 'resource' | 'account-type', object]>([
    ['this problem', 'control', 'problem', { problemKey: expect.stringMatching(/^control:/) }],
    [
      'its resource in its account',
      'control',
      'resource',
      { resource: 'arn:aws:s3:::example-exports', accountId: '111122223333' },
    ],
    ['its type in its account', 'control', 'account-type', { type: 'S3.8', accountId: '111122223333' }],
    [
      'only the problem when the resource is named like a pattern',
      { of: 'control', set: { 'finding.Resources': [{ Type: 'Other', Id: 'arn:aws:*' }] } },
      'resource',
      { problemKey: expect.stringMatching(/^control:/) },
    ],
    [
      'only the problem when it concerns no account',
      { of: 'health', set: { 'detail.eventScopeCode': 'PUBLIC' }, without: ['detail.affectedAccount'] },
      'account-type',
      { problemKey: expect.stringMatching(/^health:public/) },
    ],
  ])('is %s', async (_what, recipe, choice, expected) => {
    const { store } = await started(recipe);
    const [problem] = (await store.problemPage({})).items;

    expect(problem === undefined ? undefined : riskScope(problem, choice)).toEqual(expected);
  });

  it.each([{ resource: '*' }, { type: '**' }, {}, { team: '' }])('is never everything: %j', async (scope) => {
    const { ports } = await started();
    const request = { scope, reason: 'because', owner: 'me', days: 7 };

    await expect(addException(request, { id: 'cli:me', name: 'me' }, ports)).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });
});
