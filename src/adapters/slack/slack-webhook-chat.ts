import { messageOf } from '#core/errors/yagura-error.ts';
import type { Destination } from '#core/notification/destination.ts';
import type { Chat, ChatPost, ChatResult } from '#ports/chat.ts';
import { sendableText } from './message-text.ts';
import { busy, resultOfSlackError, retryAfterMs, unavailable } from './slack-errors.ts';
import { withoutDeadButtons } from './without-dead-buttons.ts';

type WebhookFetch = (url: string, init: RequestInit) => Promise<Response>;

export type SlackWebhookOptions = {
  /** The secret URL of a webhook's name; undefined when there is none. Throws when the secrets cannot be read. */
  readonly resolveUrl: (name: string) => Promise<string | undefined>;
  readonly fetch?: WebhookFetch;
  readonly timeoutMs?: number;
  /** Origins allowed besides Slack's own, such as a company's proxy. */
  readonly allowedOrigins?: readonly string[];
};

const SLACK_ORIGINS = ['https://hooks.slack.com', 'https://hooks.slack-gov.com'];
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_ANSWER_CHARACTERS = 200;

/** Posts through incoming webhooks, which cannot edit, answer clicks or tell a message's timestamp. */
export function createSlackWebhookChat(options: SlackWebhookOptions): Chat {
  return {
    canEdit: () => false,
    async post(post) {
      const { destination } = post;
      if (destination.kind !== 'slack-webhook') return wrongKind(destination);
      const url = await urlOf(destination.webhook, options);
      return typeof url === 'string' ? send(url, destination.webhook, post, options) : url;
    },
    edit: async ({ destination }) =>
      destination.kind === 'slack-webhook'
        ? { kind: 'rejected', error: `Messages of webhook ${destination.webhook} cannot be edited; post a new one.` }
        : wrongKind(destination),
    findPosted: async () => ({ kind: 'none' }),
  };
}

async function urlOf(name: string, options: SlackWebhookOptions): Promise<string | ChatResult> {
  let text: string | undefined;
  try {
    text = await options.resolveUrl(name);
  } catch (thrown) {
    return unavailable(`Posting to webhook ${name}: its URL cannot be read (${messageOf(thrown)}). It is tried again.`);
  }
  if (text === undefined || text.trim() === '') {
    return rejected(name, 'no URL is stored for this name. Store it among the webhook URLs.');
  }
  const url = URL.parse(text.trim());
  if (url === null) return rejected(name, 'what is stored for this name is no URL. Store the whole URL.');
  const known = [...SLACK_ORIGINS, ...(options.allowedOrigins ?? [])];
  if (!known.includes(url.origin) || url.username !== '' || url.password !== '') {
    return rejected(
      name,
      `its URL is on ${url.origin}, not on https://hooks.slack.com. Store the URL that Slack shows.`,
    );
  }
  if (!url.pathname.startsWith('/services/')) {
    return rejected(
      name,
      'its URL is no incoming webhook (/services/…); workflow triggers cannot take these messages.',
    );
  }
  return url.href;
}

async function send(url: string, name: string, post: ChatPost, options: SlackWebhookOptions): Promise<ChatResult> {
  const { message, threadTs } = post;
  const blocks = withoutDeadButtons(message.blocks);
  const body = {
    text: sendableText(message.text, blocks),
    ...(blocks.length > 0 && { blocks }),
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    unfurl_links: false,
    unfurl_media: false,
  };
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  try {
    const response = await (options.fetch ?? fetch)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value)),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return await resultOf(response, name);
  } catch (thrown) {
    const reason = isTimeout(thrown) ? `no answer within ${timeoutMs / 1_000} s` : rootCause(thrown);
    return unavailable(`Posting to webhook ${name}: Slack could not be reached (${reason}). It is tried again.`);
  }
}

async function resultOf(response: Response, name: string): Promise<ChatResult> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return rejected(
      name,
      `the server redirected (HTTP ${status}), which Slack never does. Check the stored URL and any proxy.`,
    );
  }
  const said = (await firstCharacters(response)).trim();
  if (status === 200) return { kind: 'sent', channelId: null, ts: null };
  if (status === 429) return busy(retryAfterMs(headers.get('retry-after')));
  const attempt = { what: 'Posting to webhook', where: name };
  if (status >= 500)
    return unavailable(`Posting to webhook ${name}: Slack answered HTTP ${status}. It is tried again.`);
  const result = resultOfSlackError(said, attempt);
  // Any 4xx is Slack's final word, also one with a text that is new here.
  return result.kind === 'unavailable'
    ? rejected(name, `Slack refused it (HTTP ${status}). Check the webhook in Slack.`)
    : result;
}

async function firstCharacters(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= MAX_ANSWER_CHARACTERS) break;
  }
  return text.slice(0, MAX_ANSWER_CHARACTERS);
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError');
}

function rootCause(thrown: unknown): string {
  return thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : messageOf(thrown);
}

function rejected(name: string, why: string): ChatResult {
  return { kind: 'rejected', error: `Posting to webhook ${name}: ${why}` };
}

function wrongKind(destination: Destination): ChatResult {
  return { kind: 'rejected', error: `Webhooks cannot deliver to a destination of kind ${destination.kind}.` };
}
