import { expect, it } from 'vitest';
import type { ChannelRow, MessagePage, MessageRow } from '#ports/http-api.ts';
import { keyOf, messageOf, T0 } from '../../../../test/contract/state-store/fixtures.ts';
import { type Home, homePerTest } from '../../../../test/stand-ins/yagura-home.ts';

const openHome = homePerTest();
const WEB = { destinationKey: 'slack:#web', destination: { kind: 'slack', channel: '#web' } } as const;

async function homeWithThreads(): Promise<Home> {
  const home = await openHome();
  const posts = Array.from({ length: 120 }, (_, n) =>
    messageOf(`post-${n}`, { sentAt: T0 + n * 10, problemKeys: [keyOf(`problem ${n % 2}`)] }),
  );
  const answers = posts.flatMap(({ id, sentAt, problemKeys }) =>
    // The second answer comes after the posts that follow.
    [1, 500].map((after) =>
      messageOf(`${id} + ${after}`, { inThreadOf: id, kind: 'reply', sentAt: sentAt + after, problemKeys }),
    ),
  );
  await home.running.yagura.store.saveMessages([
    ...posts,
    ...answers,
    messageOf('web-1', { ...WEB, sentAt: T0 + 5, problemKeys: [] }),
  ]);
  return home;
}

async function allPages(
  home: Home,
  query: string,
): Promise<{ items: MessageRow[]; totals: Set<number>; pages: number }> {
  const items: MessageRow[] = [];
  const totals = new Set<number>();
  let pages = 0;
  let before = '';
  do {
    const page = await home.get<MessagePage>(`/api/messages?${query}&limit=25&before=${before}`);
    items.push(...page.items);
    totals.add(page.total);
    before = encodeURIComponent(page.nextToken ?? '');
    pages += 1;
  } while (before !== '' && pages < 50);
  return { items, totals, pages };
}

it('pages through a channel, each message once with all its answers, whenever they came', async () => {
  const home = await homeWithThreads();

  const { items, totals, pages } = await allPages(home, 'destination=slack:%23payments-guardduty');

  expect(items.map(({ id }) => id)).toEqual(Array.from({ length: 120 }, (_, n) => `post-${119 - n}`));
  expect(totals).toEqual(new Set([120]));
  expect(pages).toBe(5);
  for (const { id, replies } of items) expect(replies.map((reply) => reply.id)).toEqual([`${id} + 1`, `${id} + 500`]);
});

it('shows all channels together and the messages of one problem', async () => {
  const home = await homeWithThreads();

  const all = await allPages(home, '');
  const ofProblem = await allPages(home, 'problem=problem%201');

  expect(all.items).toHaveLength(121);
  expect(ofProblem.items).toHaveLength(60);
  expect(ofProblem.totals).toEqual(new Set([60]));
});

it('counts messages, not their answers, in the list of channels', async () => {
  const home = await homeWithThreads();

  const channels = await home.get<ChannelRow[]>('/api/messages/channels');

  expect(channels.map(({ label, audience, count, newestAt }) => ({ label, audience, count, newestAt }))).toEqual([
    { label: '#payments-guardduty', audience: '決済チーム', count: 120, newestAt: T0 + 1_190 + 500 },
    { label: '#web', audience: 'Web', count: 1, newestAt: T0 + 5 },
  ]);
});

it.each(['nonsense', '1-2-3', "'; DROP TABLE message; --", '999999999999999999999-1'])(
  'answers a token that nobody gave out without breaking: %s',
  async (token) => {
    const home = await homeWithThreads();

    const page = await home.get<MessagePage>(`/api/messages?before=${encodeURIComponent(token)}`);

    expect(page.total).toBe(121);
  },
);

it('keeps the place of a message that is edited', async () => {
  const home = await openHome();
  const { store } = home.running.yagura;
  await store.saveMessages([messageOf('old', { sentAt: T0 }), messageOf('new', { sentAt: T0 + 1 })]);
  await store.saveMessages([messageOf('old', { sentAt: T0, editedAt: T0 + 9, text: 'edited' })]);

  const { items } = await home.get<MessagePage>('/api/messages');

  expect(items.map(({ id, text }) => `${id}: ${text}`)).toEqual(['new: text', 'old: edited']);
});
