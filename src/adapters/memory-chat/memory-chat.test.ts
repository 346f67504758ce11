import { describeChat } from '../../../test/contract/chat.contract.ts';
import { createMemoryChat } from './memory-chat.ts';

describeChat('memory', async () => {
  const chat = createMemoryChat({ now: () => 1_700_000_000_000 });
  return {
    chat,
    destination: { kind: 'slack', channel: '#soc' },
    remembers: true,
    received: () => chat.messages.map(({ message }) => JSON.stringify(message).toWellFormed()),
    limitOnce: (seconds) => chat.failNext({ kind: 'busy', retryAfterMs: seconds * 1_000 }),
    breakOnce: () => chat.failNext({ kind: 'unavailable', error: 'down' }),
    breakLookup: () => chat.failLookups({ kind: 'unavailable', error: 'down' }),
    loseAnswerOnce: () => chat.failNext({ kind: 'unavailable', error: 'reset' }, { afterwards: true }),
    endDestination: () =>
      chat.failNext({ kind: 'rejected', error: 'gone. Name another one.' }, { times: Number.POSITIVE_INFINITY }),
    now: () => 1_700_000_000_000,
    stop: async () => {},
  };
});
