import { describe, expect, it } from 'vitest';
import type { Exception } from '#core/notification/exception.ts';
import type { ExplainResult, FindingPage, Overview, RouteView } from '#ports/http-api.ts';
import { awsEvent } from '../../../../test/stand-ins/events/aws-events.ts';
import { COMPANY, type Home, homePerTest } from '../../../../test/stand-ins/yagura-home.ts';

const openHome = homePerTest();

const CRITICAL = awsEvent({ of: 'guardduty', set: { 'detail.severity': 9 } });

async function explain(home: Home, events: string): Promise<ExplainResult> {
  const answer = await home.write('POST', '/api/routes/explain', { events, language: 'en' });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json as ExplainResult; // its shape is checked with the contract
}

describe('routes', () => {
  it('shows the written ones in their order, then those that nobody wrote', async () => {
    const written = `
routes:
  - { name: quiet sandbox, match: { environment: [non-prod, sandbox], severity: [LOW] }, decision: drop }
  - { name: miners, match: { type: ["CryptoCurrency:*"] }, to: "#miners", minimumSeverity: HIGH }
`;
    const home = await openHome({ configText: `${COMPANY}${written}` });

    const routes = await home.get<RouteView[]>('/api/routes');

    expect(routes.slice(0, 2)).toEqual([
      {
        ...{ name: 'quiet sandbox', match: 'environment: non-prod, sandbox; severity: LOW', to: '*' },
        ...{ decision: 'drop', floor: null, implicit: false },
      },
      {
        ...{ name: 'miners', match: 'type: CryptoCurrency:*', to: '#miners' },
        ...{ decision: 'send', floor: 'HIGH', implicit: false },
      },
    ]);
    expect(routes.slice(2).every(({ implicit }) => implicit)).toBe(true);
    const named = new Map(routes.map((route) => [route.name, `${route.match} -> ${route.to} from ${route.floor}`]));
    expect(named.get('payments/guardduty')).toBe('kind: guardduty; team: payments -> #payments-guardduty from HIGH');
    expect(named.get('central/guardduty')).toBe('kind: guardduty -> #sec-guardduty from CRITICAL');
    expect(named.get('central/no-owner/health')).toBe('kind: health; team: none -> #soc-health from null');
    // The data team has no Security Hub channel; the lower of both floors holds.
    expect(named.get('central/data/securityhub')).toBe('kind: securityhub; team: data -> #sec-securityhub from HIGH');
    expect(named.get('central/account')).toBe('kind: account -> #sec-securityhub from null');
    expect(named.get('central/public-health')).toBe('kind: health; account: none -> #soc-health from HIGH');
  });

  it('says where an event would go and why, and neither stores nor sends anything', async () => {
    const home = await openHome();

    const { entries, errors } = await explain(home, JSON.stringify([CRITICAL, awsEvent('ec2-state')]));

    expect(errors).toEqual([]);
    expect(entries.map(({ event, decision, destination }) => ({ event, decision, destination }))).toEqual([
      { event: 0, decision: 'send', destination: { kind: 'slack', channel: '#payments-guardduty' } },
      { event: 0, decision: 'send', destination: { kind: 'slack', channel: '#sec-guardduty' } },
      { event: 1, decision: 'drop', destination: undefined },
    ]);
    expect(entries[0]?.message?.blocks.length).toBeGreaterThan(0);
    expect(await home.get<FindingPage>('/api/findings')).toEqual({ items: [], total: 0 });
    expect(await home.get<Overview>('/api/overview')).toMatchObject({
      unknownEvents: 0,
      outbox: { queued: 0, sent: 0 },
    });
  });

  it('gives reasons in the language asked for', async () => {
    const home = await openHome();
    const reasonIn = async (language?: string) => {
      const answer = await home.write('POST', '/api/routes/explain', { events: JSON.stringify(CRITICAL), language });
      return (answer.json as ExplainResult).entries[0]?.reason; // its shape is checked with the contract
    };

    expect(await reasonIn('ja')).toMatch(/[ぁ-ん]/);
    expect(await reasonIn('en')).toMatch(/^[ -~]+$/);
    expect(await reasonIn()).toBe(await reasonIn('en'));
  });

  it('explains the good lines among bad ones and names the place of each bad one', async () => {
    const home = await openHome();

    const { entries, errors } = await explain(home, `${JSON.stringify(CRITICAL)}\n{"a": \n${JSON.stringify(CRITICAL)}`);

    expect(entries.filter(({ decision }) => decision === 'send')).toHaveLength(2);
    expect(errors).toEqual([expect.stringMatching(/^line 2/)]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['a number', '42'],
    ['null', 'null'],
    ['deeply nested arrays', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['deeply nested objects', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
    ['keys of prototypes', '{"__proto__": {"detail-type": "x"}, "constructor": 1}'],
    ['a hundred thousand events', `[${Array.from({ length: 100_000 }, () => '{}').join()}]`],
    ['a hundred thousand bad lines', `{}\n${'x\n'.repeat(100_000)}`],
    [
      'lone surrogates and control characters',
      JSON.stringify({ 'detail-type': '\ud800\u0000\u001b[31m', source: '\udc00' }),
    ],
  ])('answers %s with something a browser can show', async (_name, events) => {
    const home = await openHome();

    const result = await explain(home, events);

    expect(result.entries.length + result.errors.length).toBeGreaterThan(0);
    expect(result.entries.length).toBeLessThanOrEqual(1_000);
    expect(result.errors.length).toBeLessThanOrEqual(104);
  });

  it('says how much of very many events it left out', async () => {
    const home = await openHome();

    const { errors } = await explain(home, JSON.stringify(Array.from({ length: 600 }, () => awsEvent('ec2-state'))));

    expect(errors).toEqual(['Only the first 500 of 600 events are shown.']);
  });

  it('escapes what an attacker wrote into the event', async () => {
    const home = await openHome();
    const hostile = awsEvent({
      of: 'control',
      set: { 'finding.Resources.0.Id': '<!channel> *bold* <https://evil.example.com|click>' },
    });

    const { entries } = await explain(home, JSON.stringify(hostile));

    // Buttons carry keys, and a plain_text is shown as it is.
    const marked = JSON.stringify(entries[0]?.message).match(/\{"type":"mrkdwn","text":"(?:[^"\\]|\\.)*"/g) ?? [];
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.filter((text) => /<!channel>|\*bold\*|<https:\/\/evil/.test(text))).toEqual([]);
  });

  it('takes two million characters and no more', async () => {
    const home = await openHome();
    const filled = (length: number) => JSON.stringify({ note: 'x'.repeat(length - '{"note":""}'.length) });

    const most = await home.write('POST', '/api/routes/explain', { events: filled(2_000_000) });
    const tooMuch = await home.write('POST', '/api/routes/explain', { events: filled(2_000_001) });

    expect(most.status).toBe(200);
    expect(tooMuch).toMatchObject({ status: 400, json: { error: { code: 'input.invalid' } } });
    expect(tooMuch.text).toContain('2000000 characters');
  });

  it('stays quick on two million characters of findings', async () => {
    const home = await openHome();
    const finding = (awsEvent('control')['detail'] as { findings: object[] }).findings[0];
    const small = {
      ...finding,
      Description: 'd',
      ProductFields: {},
      Remediation: {},
      Resources: [{ Type: 'Other', Id: 'r' }],
    };
    const many = Array.from({ length: Math.floor(1_900_000 / JSON.stringify(small).length) }, (_, n) => ({
      ...small,
      Resources: [{ Type: 'Other', Id: `r${n}` }],
    }));

    const { entries, errors } = await explain(
      home,
      JSON.stringify({ ...awsEvent('control'), detail: { findings: many } }),
    );

    expect(entries).toHaveLength(1_000);
    expect(errors).toEqual([expect.stringMatching(/^Only the first 1000 of \d+ entries are shown\.$/)]);
  });
});

describe('exceptions', () => {
  const FORM = { scope: { type: 'S3.8', accountId: '111122223333' }, reason: 'A public page', owner: 'web', days: 30 };

  it('adds one, shows it, ends it, and writes all of that down', async () => {
    const home = await openHome();

    const added = await home.write('POST', '/api/exceptions', FORM);
    const { id } = added.json as Exception;
    const listed = await home.get<{ items: Exception[] }>('/api/exceptions');
    const ended = await home.write('DELETE', `/api/exceptions/${id}`);

    expect(added).toMatchObject({ status: 201, json: { scope: FORM.scope, createdBy: 'console:local' } });
    expect(listed.items).toEqual([added.json]);
    expect(ended).toMatchObject({ status: 200, json: { id, removedBy: 'console:local' } });
    expect(await home.running.yagura.store.auditEntries(0, 10)).toMatchObject([
      { action: 'exception.add', target: id },
      { action: 'exception.remove', target: id },
    ]);
  });

  it('silences what it covers and nothing else', async () => {
    const home = await openHome();
    await home.write('POST', '/api/exceptions', { ...FORM, scope: { type: 'UnauthorizedAccess:*' } });

    await home.send([CRITICAL, awsEvent({ of: 'control', set: { 'finding.Severity.Label': 'CRITICAL' } })]);

    const { items } = await home.get<{ items: Exception[] }>('/api/exceptions');
    expect(items[0]?.silenced).toBe(1);
    const deliveries = await home.get<{ items: { problemKey: string }[] }>('/api/deliveries');
    expect(deliveries.items.length).toBeGreaterThan(0);
    expect(deliveries.items.every(({ problemKey }) => problemKey.startsWith('control:'))).toBe(true);
  });

  it.each([
    { ...FORM, scope: {} },
    { ...FORM, scope: { type: '' } },
    { ...FORM, scope: { resource: '*' } },
    { ...FORM, scope: { colour: 'red' } },
    { ...FORM, days: 0 },
    { ...FORM, days: 91 },
    { ...FORM, days: '30' },
    { ...FORM, owner: ' ' },
    { ...FORM, reason: 'no' },
    { ...FORM, reason: 'x'.repeat(1_001) },
    { ...FORM, extra: true },
    {},
  ])('refuses %j', async (form) => {
    const home = await openHome();

    const answer = await home.write('POST', '/api/exceptions', form);

    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'input.invalid' } } });
    expect(await home.get('/api/exceptions')).toEqual({ items: [] });
  });
});
