import { expect, test } from 'vitest';
import { createMemoryChat } from '#adapters/memory-chat/memory-chat.ts';
import type { Destination } from '#core/notification/destination.ts';
import { createChatRouter } from './chat-router.ts';

const DESTINATIONS: readonly Destination[] = [
  { kind: 'slack', channel: '#soc' },
  { kind: 'slack-webhook', webhook: 'soc' },
  { kind: 'amazon-q', topicArn: 'arn:aws:sns:eu-west-1:111122223333:soc' },
];
const MESSAGE = { text: 'text', blocks: [] };

test('sends each message through the adapter of its destination', async () => {
  const chats = { slack: createMemoryChat(), webhook: createMemoryChat(), amazonQ: createMemoryChat() };
  const router = createChatRouter(chats);

  for (const destination of DESTINATIONS) await router.post({ destination, message: MESSAGE, idempotencyKey: 'i' });

  const kinds = Object.values(chats).map(({ messages }) => messages.map(({ destination }) => destination.kind));
  expect(kinds).toEqual([['slack'], ['slack-webhook'], ['amazon-q']]);
});

test('asks the adapter what can be edited and found', async () => {
  const slack = createMemoryChat();
  const router = createChatRouter({ slack, webhook: createMemoryChat() });
  const destination = { kind: 'slack', channel: '#soc' } as const;
  const sent = await router.post({ destination, message: MESSAGE, idempotencyKey: 'i' });

  const found = await router.findPosted({ destination, idempotencyKey: 'i', since: 0 });
  const place = found.kind === 'found' ? found : { channelId: '', ts: '' };
  const edited = await router.edit({ destination, ...place, message: { text: 'new', blocks: [] } });

  expect(found).toEqual({ ...sent, kind: 'found' });
  expect(edited.kind).toBe('sent');
  expect(slack.messages[0]?.message.text).toBe('new');
  expect(DESTINATIONS.map((each) => router.canEdit(each))).toEqual([true, false, false]);
});

test('rejects a destination whose adapter is not configured, and says what to configure', async () => {
  const router = createChatRouter({});
  const results = [];
  for (const destination of DESTINATIONS) {
    results.push(await router.post({ destination, message: MESSAGE, idempotencyKey: 'i' }));
    results.push(await router.edit({ destination, channelId: 'C1', ts: '1.1', message: MESSAGE }));
    const found = await router.findPosted({ destination, idempotencyKey: 'i', since: 0 });
    expect(found).toMatchObject({ kind: 'unknown', failure: { kind: 'rejected' } });
    expect(router.canEdit(destination)).toBe(false);
  }

  expect(results.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
  expect(JSON.stringify(results)).toMatch(/bot token.*webhook URLs.*SNS topic/);
});
