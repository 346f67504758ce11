import { beforeEach, describe, expect, it } from 'vitest';
import type { Exception } from '#core/notification/exception.ts';
import type { AcceptRisk, FindingDetail, FindingPage, MessagePage } from '#ports/http-api.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { type Home, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

/** Reaches the floor of the team, not that of the central team. */
const HIGH = { of: 'guardduty', set: { 'detail.severity': 8 } } as const;

const openHome = homePerTest();
let home: Home;
let path: string;
beforeEach(async () => {
  home = await openHome();
  await home.send([awsEvent(HIGH)]);
  path = `/api/findings/${encodeURIComponent((await home.get<FindingPage>('/api/findings')).items[0]?.key ?? '')}`;
});

async function act(action: string, body: unknown): Promise<FindingDetail> {
  const answer = await home.write('POST', `${path}/${action}`, body);
  if (answer.status !== 200) throw new Error(answer.text);
  await home.running.yagura.delivery().drained();
  return answer.json as FindingDetail; // its shape is checked with the contract
}

async function audited(): Promise<{ actor: string; action: string; detail: object }[]> {
  const entries = await home.running.yagura.store.auditEntries(0, 100);
  return entries.map(({ actor, action, detail }) => ({ actor, action, detail }));
}

describe('one finding', () => {
  it('shows its history, the threads that carry it, its event as it came and who got it for what reason', async () => {
    await home.send([awsEvent({ ...HIGH, minutes: 5, set: { ...HIGH.set, 'detail.service.count': 9 } })]);

    const detail = await home.get<FindingDetail>(path);

    expect(detail.history.map(({ what }) => what)).toEqual(['opened', 'updated']);
    expect(JSON.parse(detail.raw ?? '')).toMatchObject({ 'detail-type': 'GuardDuty Finding' });
    expect(detail.raw).toContain('"count":9');
    expect(detail.threads.map(({ destination }) => destination)).toEqual([
      { kind: 'slack', channel: '#payments-guardduty' },
    ]);
    const { items } = await home.get<MessagePage>('/api/messages');
    const first = items.find(({ id }) => id === detail.threads[0]?.messageId);
    expect(first).toBeDefined();
    expect(detail.threads[0]?.sentAt).toBe(first?.sentAt);
    expect(detail.routes.map(({ destination, decision, action }) => ({ destination, decision, action }))).toEqual([
      { destination: { kind: 'slack', channel: '#payments-guardduty' }, decision: 'send', action: 'post' },
      { destination: { kind: 'slack', channel: '#sec-guardduty' }, decision: 'drop', action: 'none' },
    ]);
    expect(detail.routes[0]?.message?.text).toContain('payments-prod (111122223333)');
  });

  it('gives reasons in the language of the asker, else in that of the central team', async () => {
    const reasonIn = async (language?: string) => {
      const headers = language === undefined ? {} : { 'accept-language': language };
      return (await home.get<FindingDetail>(path, headers)).routes[0]?.reason;
    };

    const english = await reasonIn('fr-FR, en-GB;q=0.5');
    const japanese = await reasonIn('ja');

    expect(japanese).toMatch(/[ぁ-ん]/);
    expect(english).toMatch(/^[ -~]+$/);
    expect(await reasonIn()).toBe(english);
    expect(await reasonIn(`${'x'.repeat(100_000)}`.slice(0, 8_000))).toBe(english);
  });
});

describe('acknowledging and assigning', () => {
  it('is in the finding, its history, the audit log and the messages', async () => {
    const acknowledged = await act('acknowledge', {});
    const assigned = await act('assign', { to: 'Alice' });

    expect(acknowledged.summary.acknowledgedBy).toBe('local');
    expect(assigned.summary.assignedTo).toBe('Alice');
    expect(assigned.history.map(({ what, by, detail }) => `${what} ${by} ${detail}`.trim())).toEqual([
      expect.stringContaining('opened'),
      'acknowledged local',
      'assigned local Alice',
    ]);
    expect(await audited()).toEqual([
      { actor: 'console:local', action: 'finding.acknowledge', detail: {} },
      { actor: 'console:local', action: 'finding.assign', detail: { to: 'Alice' } },
    ]);
    const { items, total } = await home.get<MessagePage>('/api/messages');
    expect(total).toBe(1);
    expect(items[0]?.replies.length).toBeGreaterThan(0);
    expect(JSON.stringify(items)).toContain('Alice');
  });

  it('takes the assignment back', async () => {
    await act('assign', { to: 'Alice' });

    expect((await act('assign', { to: null })).summary.assignedTo).toBeNull();
  });

  it.each([{}, { to: '' }, { to: '   ' }, { to: 7 }, { to: 'x'.repeat(201) }, 'text', null])(
    'refuses to assign with %j',
    async (body) => {
      const answer = await home.write('POST', `${path}/assign`, body);

      expect(answer).toMatchObject({ status: 400, json: { error: { code: 'input.invalid' } } });
      expect((await home.get<FindingDetail>(path)).summary.assignedTo).toBeNull();
    },
  );

  it('keeps a hostile name as text', async () => {
    const to = '<!channel> *bold* <script>alert(1)</script> \u202e';

    const detail = await act('assign', { to });

    expect(detail.summary.assignedTo).toBe(to);
    const { items } = await home.get<MessagePage>('/api/messages');
    expect(JSON.stringify(items)).not.toContain('<!channel>');
  });

  it('loses no update when many act at once', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `person ${n}`);

    await Promise.all(names.map((to) => act('assign', { to })));

    const { history } = await home.get<FindingDetail>(path);
    expect(
      history
        .filter(({ what }) => what === 'assigned')
        .map(({ detail }) => detail)
        .sort(),
    ).toEqual(names);
  });
});

describe('accepting a risk', () => {
  const RISK: AcceptRisk = { reason: 'A test bucket', scope: 'problem', days: 30 };

  it('makes an exception, says so everywhere and silences what follows', async () => {
    const detail = await act('accept-risk', RISK);
    await home.send([
      awsEvent({ of: 'guardduty', minutes: 9, set: { 'detail.service.count': 50, 'detail.severity': 9 } }),
    ]);

    const { items } = await home.get<{ items: Exception[] }>('/api/exceptions');
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ reason: RISK.reason, owner: 'local', createdBy: 'console:local', silenced: 1 });
    expect((items[0]?.expiresAt ?? 0) - (items[0]?.createdAt ?? 0)).toBe(30 * 86_400_000);
    expect(detail.exception?.id).toBe(items[0]?.id);
    expect(detail.summary.exceptionId).toBe(items[0]?.id);
    expect(detail.routes.map(({ decision }) => decision)).toEqual(['drop', 'drop']);
    expect((await home.get<FindingDetail>(path)).summary.severity).toBe('CRITICAL');
    const deliveries = await home.get<{ items: { destinationKey: string }[] }>('/api/deliveries');
    expect(deliveries.items.filter(({ destinationKey }) => destinationKey === 'slack:#sec-guardduty')).toEqual([]);
    expect((await audited()).map(({ action }) => action)).toContain('exception.add');
  });

  it.each([
    ['resource', { resource: expect.stringContaining('') as string, accountId: '111122223333' }],
    ['account-type', { type: expect.stringContaining(':') as string, accountId: '111122223333' }],
  ] as const)('covers what was chosen: %s', async (scope, expected) => {
    const detail = await act('accept-risk', { ...RISK, scope });

    expect(detail.exception?.scope).toEqual(expected);
  });

  it.each([
    { ...RISK, reason: 'no' },
    { ...RISK, reason: '      ' },
    { ...RISK, days: 0 },
    { ...RISK, days: 91 },
    { ...RISK, days: 1.5 },
    { ...RISK, scope: 'everything' },
    {},
  ])('refuses %j', async (body) => {
    const answer = await home.write('POST', `${path}/accept-risk`, body);

    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'input.invalid' } } });
    expect(await home.get('/api/exceptions')).toEqual({ items: [] });
  });
});
