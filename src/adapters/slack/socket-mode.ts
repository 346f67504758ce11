import { SocketModeClient } from '@slack/socket-mode';
import { type Logger, LogLevel, WebAPIPlatformError } from '@slack/web-api';
import { messageOf } from '#core/errors/yagura-error.ts';
import type { Sleeper } from '#ports/clock.ts';
import type { SlackInteraction } from '#ports/slack-actions.ts';
import { parseSlackPayload } from './parse-interaction.ts';
import { checkedBaseUrl } from './slack-api.ts';
import { resultOfSlackError, withoutSecrets } from './slack-errors.ts';

/** pino's shape. */
export type SocketModeLogger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type SocketModeOptions = {
  /** App-level token (xapp-…) with connections:write. */
  readonly appToken: string;
  /** Called after Slack was answered. What it throws is logged. */
  readonly onInteraction: (interaction: SlackInteraction) => Promise<void>;
  readonly logger: SocketModeLogger;
  readonly sleeper: Sleeper;
  /** Default https://slack.com/api/ */
  readonly baseUrl?: string;
};

export type SocketMode = {
  state(): 'connecting' | 'connected' | 'stopped';
  /** Why the last attempt to connect failed; null while all is well. */
  lastError(): string | null;
  /** Closes the connection and resolves when nothing is left running, at the latest after some seconds. */
  stop(): Promise<void>;
};

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const HELLO_TIMEOUT_MS = 30_000;
const GOODBYE_MS = 1_000;

/**
 * Receives interactions over a WebSocket that we open, so that no public address is needed. Reconnects by itself and
 * for ever; each connection gets a client of its own, because the client's own reconnecting dies of an unreachable API.
 */
export function startSocketMode(options: SocketModeOptions): SocketMode {
  const { logger, sleeper } = options;
  const baseUrl = checkedBaseUrl(options.baseUrl ?? 'https://slack.com/api/');
  const stopping = new AbortController();
  let state: 'connecting' | 'connected' | 'stopped' = 'connecting';
  let lastError: string | null = null;
  let close: () => Promise<void> = async () => {};

  async function connectOnce(): Promise<void> {
    const client = createClient(options.appToken, baseUrl);
    client.on('interactive', (envelope: Envelope) => void receive(envelope, options));
    const ended = new Promise<void>((resolve) => void client.once('disconnected', () => resolve()));
    close = () => disconnect(client);
    const impatience = setTimeout(() => void disconnect(client), HELLO_TIMEOUT_MS);
    try {
      await client.start();
    } finally {
      clearTimeout(impatience);
    }
    if (stopping.signal.aborted) return disconnect(client);
    state = 'connected';
    lastError = null;
    logger.info({}, 'Slack Socket Mode is connected');
    await ended;
    state = 'connecting';
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await connectOnce();
        failures = 0;
      } catch (thrown) {
        failures += 1;
        lastError = reasonOf(thrown);
        if (!stopping.signal.aborted) logger.error({ failures }, `Slack Socket Mode is not connected: ${lastError}`);
      }
      if (stopping.signal.aborted) return;
      // Also after a connection that ended well: one that is ended at once every time must not become a storm.
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
      await sleeper.sleep(pause, stopping.signal);
    }
  }

  const running = run().finally(() => {
    state = 'stopped';
  });
  return {
    state: () => state,
    lastError: () => lastError,
    async stop() {
      stopping.abort();
      await close();
      await within(running, GOODBYE_MS * 2);
      state = 'stopped';
    },
  };
}

type Envelope = { readonly ack: (response?: Record<string, unknown>) => Promise<void>; readonly body: unknown };

async function receive({ ack, body }: Envelope, { onInteraction, logger }: SocketModeOptions): Promise<void> {
  const parsed = parseSlackPayload(body);
  try {
    await ack(parsed.kind === 'invalid-form' ? { response_action: 'errors', errors: parsed.errors } : undefined);
  } catch (thrown) {
    // The person sees a warning, but pressed the button all the same: the work goes on.
    logger.warn({}, `Slack could not be answered: ${withoutSecrets(messageOf(thrown))}`);
  }
  if (parsed.kind === 'malformed') logger.warn({}, `Slack sent what cannot be understood: ${parsed.detail}`);
  if (parsed.kind !== 'interaction') return;
  const { interaction } = parsed;
  try {
    await onInteraction(interaction);
  } catch (thrown) {
    const fields = { kind: interaction.kind, user: interaction.user.id, problem: interaction.problem };
    logger.error(fields, `A button pressed in Slack could not be carried out: ${withoutSecrets(messageOf(thrown))}`);
  }
}

function createClient(appToken: string, slackApiUrl: string): SocketModeClient {
  return new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    logger: SILENT,
    clientOptions: { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 10_000 },
  });
}

async function disconnect(client: SocketModeClient): Promise<void> {
  const gone = client.disconnect();
  if (await within(gone, GOODBYE_MS)) return;
  // Asking twice makes the client let go of a peer that does not say goodbye.
  await within(client.disconnect(), GOODBYE_MS);
}

/** True when the promise settled in time. */
async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = promise.then(
    () => true,
    () => true,
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof WebAPIPlatformError) {
    const result = resultOfSlackError(thrown.data.error, { what: 'Opening', where: 'Socket Mode' });
    if ('error' in result) return result.error;
  }
  // The client rejects with nothing when the socket closes before Slack's hello.
  if (thrown === undefined) return 'the connection closed before Slack said hello';
  return withoutSecrets(messageOf(thrown));
}

// The client logs whole payloads and addresses with tickets; what matters is logged above.
const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};
