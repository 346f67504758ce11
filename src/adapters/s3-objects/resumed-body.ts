import { Readable } from 'node:stream';
import { awsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { Sleeper } from '#ports/clock.ts';
import { shownUri } from './s3-failure.ts';

type BodySettings = {
  readonly uri: string;
  readonly size: number;
  readonly first: unknown;
  /** The rest of the same object from a byte on; throws when it is another object by now. */
  readonly from: (position: number) => Promise<unknown>;
  readonly sleeper: Sleeper;
  /** Without a byte for this long, and twice at most, the connection counts as broken. */
  readonly silenceMs: number;
};

/** Tries in a row that bring no byte. */
const MOST_FRUITLESS = 5;
const FIRST_PAUSE_MS = 200;

/** The bytes of an object; a connection that breaks or falls silent is taken up again where it stopped. */
export function createBody(settings: BodySettings): AsyncIterable<Uint8Array> {
  let taken = false;
  let unread: NodeJS.Timeout | undefined;
  const { first } = settings;
  if (first instanceof Readable) {
    // Between opening and reading nobody listens yet, and an error that nobody hears ends the process.
    first.on('error', () => undefined);
    // A body that is never read must not keep its connection; one that is read after all is asked for again.
    unread = setTimeout(() => first.destroy(), settings.silenceMs).unref();
  }
  return {
    [Symbol.asyncIterator]: () => {
      if (taken) throw new Error(`the body of ${settings.uri} was read before; open the object again`);
      taken = true;
      clearTimeout(unread);
      return resumed(settings);
    },
  };
}

async function* resumed({ uri, size, first, from, sleeper, silenceMs }: BodySettings): AsyncGenerator<Uint8Array> {
  let received = 0;
  let fruitless = 0;
  let stream = first;
  for (;;) {
    const before = received;
    let broken: unknown;
    try {
      for await (const chunk of unlessSilent(stream, silenceMs)) {
        received += chunk.length;
        if (received > size) throw new Error(`more than the ${size} bytes that were promised`);
        yield chunk;
      }
      if (received === size) return;
      broken = new Error(`the connection ended after ${received} of ${size} bytes`);
    } catch (thrown) {
      broken = thrown;
    }
    fruitless = received > before ? 1 : fruitless + 1;
    // All bytes came and still there is an error: the checksum is not theirs, and they are given out already.
    if (received >= size || fruitless > MOST_FRUITLESS) throw given(uri, broken, received, size);
    await sleeper.sleep(FIRST_PAUSE_MS * 2 ** (fruitless - 1));
    stream = await from(received);
  }
}

/** A timer of the machine, like those of the SDK's own timeouts. */
async function* unlessSilent(stream: unknown, silenceMs: number): AsyncGenerator<Uint8Array> {
  if (!(stream instanceof Readable)) throw new Error('the SDK gave no stream');
  let waiting = true;
  let count = 0;
  let seen = -1;
  const watch = setInterval(() => {
    // A slow reader is not a silent server.
    if (waiting && seen === count) stream.destroy(new Error(`no byte came for ${silenceMs / 1000} s`));
    seen = waiting ? count : -1;
  }, silenceMs);
  try {
    for await (const chunk of stream) {
      waiting = false;
      count++;
      yield chunk;
      waiting = true;
    }
  } finally {
    clearInterval(watch);
  }
}

function given(uri: string, broken: unknown, received: number, size: number): YaguraError {
  const { name, message } = awsFailure(broken);
  const text = `s3:GetObject on ${shownUri(uri)} broke off at byte ${received} of ${size}: ${name}: ${message}. Nothing of it is kept; it is tried again later.`;
  return new YaguraError('object.unavailable', text, { cause: broken, retryable: true });
}
