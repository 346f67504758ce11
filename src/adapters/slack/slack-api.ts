import {
  type FetchFunction,
  type Logger,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { ChatFailure } from '#ports/chat.ts';
import { type Attempt, busy, resultOfSlackError, unavailable } from './slack-errors.ts';

export type SlackApiOptions = {
  /** Bot token (xoxb-…), or where to ask for it before each call, since it may be replaced while the program runs. */
  readonly token: string | (() => Promise<string | undefined>);
  /** Default https://slack.com/api/ ; anything but https is allowed on loopback only. */
  readonly baseUrl?: string;
  /** For a proxy or a test. */
  readonly fetch?: FetchFunction;
  readonly timeoutMs?: number;
};

export type ApiAnswer =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly code: string | null; readonly result: ChatFailure };

/** Calls one Web API method; what goes wrong comes back as a value. */
export type SlackApi = {
  call(method: string, args: Readonly<Record<string, unknown>>, attempt: Attempt): Promise<ApiAnswer>;
};

const DEFAULT_TIMEOUT_MS = 10_000;

/** Slack's Web API without retries: the outbox retries, with the order and the pauses it knows. */
export function createSlackApi(options: SlackApiOptions): SlackApi {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const clientFor = createClients(options, timeoutMs);
  return {
    async call(method, args, attempt) {
      const token = await currentToken(options.token, attempt);
      if (typeof token !== 'string') return token;
      try {
        const data = await clientFor(token).apiCall(method, wellFormed(args));
        return { ok: true, data: { ...data } };
      } catch (thrown) {
        return failureOf(thrown, attempt, timeoutMs);
      }
    },
  };
}

/** One client as long as the token stays the same. */
function createClients(options: SlackApiOptions, timeout: number): (token: string) => WebClient {
  const slackApiUrl = checkedBaseUrl(options.baseUrl ?? 'https://slack.com/api/');
  let newest: WebClient | undefined;
  return (token) => {
    if (newest?.token === token) return newest;
    newest = new WebClient(token, {
      slackApiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      timeout,
      logger: SILENT,
      ...(options.fetch !== undefined && { fetch: options.fetch }),
    });
    return newest;
  };
}

async function currentToken(token: SlackApiOptions['token'], attempt: Attempt): Promise<string | ApiAnswer> {
  if (typeof token === 'string') return token;
  const what = `${attempt.what} ${attempt.where}`;
  try {
    return (await token()) ?? { ok: false, code: 'not_authed', result: resultOfSlackError('not_authed', attempt) };
  } catch (thrown) {
    return noAnswer(`${what}: the Slack token cannot be read (${messageOf(thrown)}). It is tried again.`);
  }
}

function failureOf(thrown: unknown, attempt: Attempt, timeoutMs: number): ApiAnswer {
  if (thrown instanceof WebAPIRateLimitedError) {
    return { ok: false, code: 'ratelimited', result: busy(Math.max(1, thrown.retryAfter) * 1_000) };
  }
  if (thrown instanceof WebAPIPlatformError) {
    const { error, response_metadata: metadata } = thrown.data;
    const details = [...(metadata?.messages ?? []), ...neededScope(thrown.data)];
    const retryAfter = metadata?.retryAfter;
    const more = { details, ...(retryAfter !== undefined && { retryAfterMs: Math.max(1, retryAfter) * 1_000 }) };
    const code = String(error);
    return { ok: false, code, result: resultOfSlackError(code, attempt, more) };
  }
  const what = `${attempt.what} ${attempt.where}`;
  if (thrown instanceof WebAPIHTTPError) {
    return noAnswer(`${what}: Slack answered HTTP ${thrown.statusCode}. It is tried again.`);
  }
  if (thrown instanceof WebAPIRequestError) {
    const { original } = thrown;
    const timedOut = original.name === 'TimeoutError' || original.name === 'AbortError';
    const reason = timedOut ? `no answer within ${timeoutMs / 1_000} s` : rootCause(original);
    return noAnswer(`${what}: Slack could not be reached (${reason}). It is tried again.`);
  }
  const message = messageOf(thrown);
  // The client has no class of its own for a 429 without a usable Retry-After.
  if (message.startsWith('Retry header')) return { ok: false, code: 'ratelimited', result: busy(undefined) };
  return noAnswer(`${what}: ${message}. It is tried again.`);
}

function noAnswer(error: string): ApiAnswer {
  return { ok: false, code: null, result: unavailable(error) };
}

function neededScope(data: object): string[] {
  return 'needed' in data && typeof data.needed === 'string' ? [`needed scope: ${data.needed}`] : [];
}

// fetch says only "fetch failed"; the reason is in the cause.
function rootCause(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Lone surrogates cannot be sent; Slack refuses the whole message for one. */
function wellFormed(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, wellFormedValue(value)]));
}

function wellFormedValue(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? inner.toWellFormed() : inner));
}

/** The bot token must not travel in the clear. */
export function checkedBaseUrl(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  const loopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))) {
    throw new YaguraError('config.invalid', `Slack's base URL must be https (http on loopback only), not ${baseUrl}`);
  }
  return url.href;
}

// The client logs requests and answers; what matters comes back as a result, what is secret must not be logged.
const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};
