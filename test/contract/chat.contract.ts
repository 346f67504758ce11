import { afterEach, describe, expect, test } from 'vitest';
import type { Destination } from '#core/notification/destination.ts';
import type { Chat, ChatMessage, ChatPost, ChatResult } from '#ports/chat.ts';

/** A chat with a peer behind it that tests can watch and break. */
export type PreparedChat = {
  readonly chat: Chat;
  readonly destination: Destination;
  /** A destination this adapter does not serve; absent when it serves all. */
  readonly foreign?: Destination;
  /** Whether the peer lets messages be changed, threaded and found again. */
  readonly remembers: boolean;
  /** All that reached the peer, oldest first, as JSON text of what it shows now. */
  received(): readonly string[];
  /** The next request is refused for its rate, for so many seconds; undefined where a peer does not say how long. */
  limitOnce(seconds: number): void;
  /** The next request gets no proper answer; nothing arrives. */
  breakOnce(): void;
  /** The next look-up gets no proper answer; absent where nothing can be looked up. */
  breakLookup?(): void;
  /** The next message arrives, but its answer is lost. */
  loseAnswerOnce(): void;
  /** From now on the destination refuses for good. */
  endDestination(): void;
  /** What must never be seen in a result. */
  readonly secret?: string;
  /** Epoch ms of the peer's clock. */
  now(): number;
  stop(): Promise<void>;
};

const MESSAGE: ChatMessage = {
  text: 'GuardDuty: payments-prod (111122223333)',
  blocks: [
    { type: 'header', text: { type: 'plain_text', text: 'A miner runs in payments-prod (111122223333)' } },
    { type: 'section', text: { type: 'mrkdwn', text: '*Isolate* the instance `i-0abcd1234` &lt;now&gt;' } },
  ],
};

const HOSTILE: ChatMessage = {
  text: `<!channel> \ud800 \u0000 \u202e ${'🙂'.repeat(30_000)}`,
  blocks: [{ type: 'section', text: { type: 'plain_text', text: '\udfff <!channel> <@U012AB3CD> *bold* \u0007' } }],
};

/** What every Chat must do; `prepare` builds one with a peer of its own. */
export function describeChat(name: string, prepare: () => Promise<PreparedChat>): void {
  describe(`${name} as a chat`, () => {
    let stop: (() => Promise<void>) | undefined;
    afterEach(async () => {
      await stop?.();
      stop = undefined;
    });

    async function prepared(): Promise<PreparedChat & { post(more?: Partial<ChatPost>): Promise<ChatResult> }> {
      const peer = await prepare();
      stop = peer.stop;
      const { chat, destination } = peer;
      const post = (more?: Partial<ChatPost>) =>
        chat.post({ destination, message: MESSAGE, idempotencyKey: 'item-1', ...more });
      return { ...peer, post };
    }

    test('delivers a message and says where it is, if the peer tells', async () => {
      const { post, received, remembers } = await prepared();

      const result = await post();

      expect(result.kind).toBe('sent');
      expect(received()).toHaveLength(1);
      expect(received()[0]).toContain('A miner runs in payments-prod (111122223333)');
      const filled = remembers ? expect.stringMatching(/./) : null;
      expect(result).toEqual({ kind: 'sent', channelId: filled, ts: filled });
    });

    test('edits what it can edit, and says so where it cannot', async () => {
      const { chat, destination, post, received, remembers } = await prepared();
      const sent = await post();
      const where = sent.kind === 'sent' ? { channelId: sent.channelId ?? 'C1', ts: sent.ts ?? '1.1' } : undefined;
      if (where === undefined) throw new Error('the message was not sent');

      const message = { text: 'resolved', blocks: [] };
      const result = await chat.edit({ destination, ...where, message });

      expect(chat.canEdit(destination)).toBe(remembers);
      expect(result.kind).toBe(remembers ? 'sent' : 'rejected');
      expect(received()).toHaveLength(1);
      expect(received()[0]?.includes('A miner runs')).toBe(!remembers);
    });

    test('rejects an edit of a message that is gone', async () => {
      const { chat, destination } = await prepared();

      const result = await chat.edit({ destination, channelId: 'C0000000001', ts: '1.000001', message: MESSAGE });

      expect(result).toMatchObject({ kind: 'rejected', error: expect.stringMatching(/./) });
    });

    test('finds a message by its idempotency key, and only that one', async () => {
      const { chat, destination, post, remembers, now } = await prepared();
      const since = now() - 1_000;
      const sent = await post();

      const found = await chat.findPosted({ destination, idempotencyKey: 'item-1', since });
      const other = await chat.findPosted({ destination, idempotencyKey: 'item-2', since });

      expect(other).toEqual({ kind: 'none' });
      expect(found).toEqual(remembers ? { ...sent, kind: 'found' } : { kind: 'none' });
    });

    test('finds a message whose answer was lost', async () => {
      const { chat, destination, post, received, loseAnswerOnce, remembers, now } = await prepared();
      const since = now() - 1_000;
      loseAnswerOnce();

      const result = await post();
      const found = await chat.findPosted({ destination, idempotencyKey: 'item-1', since });

      expect(result.kind).toBe('unavailable');
      expect(received()).toHaveLength(1);
      expect(found.kind).toBe(remembers ? 'found' : 'none');
    });

    test('finds an answer in its thread, and not in the channel', async () => {
      const { chat, destination, post, remembers, now } = await prepared();
      const since = now() - 1_000;
      const parent = await post();
      const threadTs = parent.kind === 'sent' ? (parent.ts ?? '1.1') : '';
      const sent = await post({ idempotencyKey: 'item-2', threadTs });

      const inThread = await chat.findPosted({ destination, idempotencyKey: 'item-2', since, threadTs });
      const inChannel = await chat.findPosted({ destination, idempotencyKey: 'item-2', since });

      expect(inThread).toEqual(remembers ? { ...sent, kind: 'found' } : { kind: 'none' });
      expect(inChannel).toEqual({ kind: 'none' });
    });

    test('does not say that nothing is there when it could not look', async () => {
      const { chat, destination, post, remembers, breakLookup, now } = await prepared();
      const since = now() - 1_000;
      await post();
      breakLookup?.();

      const found = await chat.findPosted({ destination, idempotencyKey: 'item-1', since });
      const again = await chat.findPosted({ destination, idempotencyKey: 'item-1', since });

      expect(found.kind).toBe(remembers ? 'unknown' : 'none');
      expect(again.kind).toBe(remembers ? 'found' : 'none');
    });

    test('is busy when the peer wants fewer messages, then delivers', async () => {
      const { post, received, limitOnce } = await prepared();
      limitOnce(7);

      const first = await post();
      const second = await post();

      expect(first).toEqual({
        kind: 'busy',
        retryAfterMs: expect.toSatisfy((ms: number) => ms >= 1_000 && ms <= 7_000),
      });
      expect(second.kind).toBe('sent');
      expect(received()).toHaveLength(1);
    });

    test('is unavailable when the peer does not answer properly, then delivers', async () => {
      const { post, received, breakOnce } = await prepared();
      breakOnce();

      const first = await post();
      const second = await post();

      expect(first).toMatchObject({ kind: 'unavailable', error: expect.stringMatching(/./) });
      expect(second.kind).toBe('sent');
      expect(received()).toHaveLength(1);
    });

    test('rejects for good when the destination is gone, and says what to do', async () => {
      const { post, received, endDestination } = await prepared();
      endDestination();

      const result = await post();

      expect(result).toMatchObject({ kind: 'rejected', error: expect.stringMatching(/\. \S.*\.$/s) });
      expect(received()).toHaveLength(0);
    });

    test('rejects a destination of another kind', async () => {
      const { chat, foreign, received } = await prepared();
      if (foreign === undefined) return;

      const posted = await chat.post({ destination: foreign, message: MESSAGE, idempotencyKey: 'item-1' });
      const edited = await chat.edit({ destination: foreign, channelId: 'C1', ts: '1.1', message: MESSAGE });

      expect([posted.kind, edited.kind, chat.canEdit(foreign)]).toEqual(['rejected', 'rejected', false]);
      expect(received()).toHaveLength(0);
    });

    test('delivers hostile text without a fault', async () => {
      const { post, received } = await prepared();

      const result = await post({ message: HOSTILE });

      expect(result.kind).toBe('sent');
      expect(received()).toHaveLength(1);
      expect(received()[0]?.isWellFormed()).toBe(true);
    });

    test('keeps its secret out of every result', async () => {
      const { post, secret, breakOnce, loseAnswerOnce, endDestination } = await prepared();
      if (secret === undefined) return;
      const results: ChatResult[] = [];

      breakOnce();
      results.push(await post());
      loseAnswerOnce();
      results.push(await post());
      endDestination();
      results.push(await post());

      expect(results.map(({ kind }) => kind)).not.toContain('sent');
      expect(JSON.stringify(results)).not.toContain(secret);
    });
  });
}
