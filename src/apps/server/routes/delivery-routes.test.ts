import { expect, it } from 'vitest';
import type { OutboxItem } from '#core/notification/outbox.ts';
import type { DeliveryPage, DeliverySummary, UnknownEvents } from '#ports/http-api.ts';
import { creation, itemOf, problemOf } from '../../../../test/contract/state-store/fixtures.ts';
import { awsEvent } from '../../../../test/stand-ins/events/aws-events.ts';
import { type Home, homePerTest } from '../../../../test/stand-ins/yagura-home.ts';

const openHome = homePerTest();

/** Items of problems of their own, so that nothing covers them. */
async function homeWith(items: readonly OutboxItem[]): Promise<Home> {
  const home = await openHome();
  await home.running.yagura.store.apply(
    items.map((item) => {
      const problem = problemOf(`problem of ${item.id}`, { observation: { title: `Title of ${item.id}` } });
      return creation('x', { problem, outbox: [{ ...item, problemKey: problem.key }] });
    }),
  );
  return home;
}

const PARKED = { state: 'parked', attempts: 5, lastError: 'channel_not_found' } as const;
const OTHER = { destinationKey: 'slack:#web', destination: { kind: 'slack', channel: '#web' } } as const;

it('lists what waits, failed and was sent, by state and destination, with the title of the problem', async () => {
  const later = { dueAt: Date.UTC(2100, 0, 1) };
  const home = await homeWith([itemOf('a', PARKED), itemOf('b', { ...PARKED, ...OTHER }), itemOf('c', later)]);

  const parked = await home.get<DeliveryPage>('/api/deliveries?state=parked');
  const some = await home.get<DeliveryPage>(
    '/api/deliveries?state=parked,queued&destination=slack:%23payments-guardduty',
  );
  const page = await home.get<DeliveryPage>('/api/deliveries?limit=1&offset=1');

  expect(parked.items.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  expect(some.items.map(({ id }) => id).sort()).toEqual(['a', 'c']);
  expect(page).toMatchObject({ total: 3 });
  expect(page.items).toHaveLength(1);
  expect(parked.items.find(({ id }) => id === 'b')).toMatchObject({
    ...{ title: 'Title of b', problemKey: 'problem of b', attempts: 5, lastError: 'channel_not_found' },
    destination: OTHER.destination,
  });
});

it('gives reasons in the language of the asker', async () => {
  const home = await homeWith([itemOf('a', PARKED)]);

  const reasonIn = async (language: string) =>
    (await home.get<DeliveryPage>('/api/deliveries', { 'accept-language': language })).items[0]?.reason;

  expect(await reasonIn('ja')).toMatch(/[ぁ-ん]/);
  expect(await reasonIn('en')).toMatch(/^[ -~]+$/);
});

it('adds up what lies at each destination, those with parked messages first', async () => {
  const home = await homeWith([itemOf('a', { ...PARKED, ...OTHER })]);
  await home.send([awsEvent({ of: 'guardduty', set: { 'detail.severity': 9 } })]);

  const summary = await home.get<DeliverySummary>('/api/deliveries/summary');

  expect(summary.totals).toEqual({ queued: 0, sending: 0, sent: 2, covered: 0, parked: 1 });
  expect(summary.destinations.map(({ label, counts }) => ({ label, counts }))).toEqual([
    { label: '#web', counts: { parked: 1 } },
    { label: '#payments-guardduty', counts: { sent: 1 } },
    { label: '#sec-guardduty', counts: { sent: 1 } },
  ]);
});

it('sends what was parked again, and writes down who wanted it', async () => {
  const home = await homeWith([itemOf('a', PARKED)]);

  const answer = await home.write('POST', '/api/deliveries/a/retry', {});
  await home.running.yagura.delivery().drained();

  expect(answer).toMatchObject({ status: 200, json: { ok: true } });
  expect((await home.get<DeliveryPage>('/api/deliveries')).items[0]).toMatchObject({ state: 'sent', attempts: 0 });
  expect(await home.running.yagura.store.auditEntries(0, 10)).toMatchObject([
    { actor: 'console:local', action: 'delivery.retry', target: 'a' },
  ]);
  const again = await home.write('POST', '/api/deliveries/a/retry', {});
  expect(again).toMatchObject({ status: 409, json: { error: { code: 'store.conflict' } } });
  expect(again.text).toContain('Delivery a is sent');
});

it('has nothing to send again under an id nobody knows', async () => {
  const home = await openHome();

  const answer = await home.write('POST', `/api/deliveries/${encodeURIComponent('no/../such')}/retry`, {});

  expect(answer).toMatchObject({ status: 404, json: { error: { code: 'not-found' } } });
  expect(await home.running.yagura.store.auditEntries(0, 10)).toEqual([]);
});

it('counts and keeps events that nobody understands, the most frequent first', async () => {
  const home = await openHome();
  const broken = awsEvent({ of: 'guardduty', without: ['detail.id'] });
  const huge = { ...awsEvent('ec2-state'), note: '\ud83d\ude00'.repeat(100_000) };
  await home.send([awsEvent('ec2-state'), huge, broken, 'text', 42, null, []]);

  const unknown = await home.get<UnknownEvents>('/api/unknown-events');

  expect(unknown.counts[0]).toEqual(
    expect.objectContaining({ reason: expect.stringContaining('JSON object') as string, count: 4 }),
  );
  expect(unknown.counts).toContainEqual({
    ...{ detailType: 'EC2 Instance State-change Notification', reason: 'unknown-kind', count: 2 },
  });
  expect(unknown.newest).toHaveLength(7);
  const shown = unknown.newest.map(({ raw }) => raw);
  expect(shown).toContain('42');
  expect(Math.max(...shown.map((raw) => raw.length))).toBeLessThan(100_100);
  expect(shown.find((raw) => raw.length > 100_000)).toMatch(/… \(\+\d+ characters\)$/);
});
