import type { SlackInteraction } from '#ports/slack-actions.ts';
import { FORM_TEXTS } from './accept-risk-view.ts';
import { type ParsedPayload, parseSlackPayload } from './parse-interaction.ts';
import { verifySlackSignature } from './verify-slack-signature.ts';

export type SlackRequest = {
  /** The bytes as they came. */
  readonly rawBody: Uint8Array;
  /** Any case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  readonly now: number;
  readonly signingSecret: string;
  /**
   * Takes the work over; Slack is answered when it resolves, so it must hand on and not do the work. Slack waits 3 seconds.
   * A trigger id lives as long: open the form of `accept-risk-open` right here, not behind a queue.
   */
  readonly enqueue: (interaction: SlackInteraction) => Promise<void> | void;
};

export type SlackResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the log: why nothing was done. */
  readonly note?: string;
};

const MAX_BODY_BYTES = 1_048_576;

/**
 * Answers one request of Slack's interactivity URL.
 * @example const { status, headers, body } = await handleSlackRequest({ rawBody, headers, now: clock.now(), signingSecret, enqueue });
 */
export async function handleSlackRequest(request: SlackRequest): Promise<SlackResponse> {
  const { rawBody, now, signingSecret } = request;
  if (rawBody.byteLength > MAX_BODY_BYTES) return answer(413, '', 'the body is larger than 1 MiB');
  const header = headerReader(request.headers);
  const body = new TextDecoder().decode(rawBody);
  const isForm = header('content-type')?.split(';', 1)[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
  const form = isForm ? new URLSearchParams(body) : undefined;
  // Slack's certificate check is not signed; it gets an empty answer and nothing else is read from it.
  if (form?.get('ssl_check') === '1') return answer(200, '', 'ssl_check');
  const timestamp = header('x-slack-request-timestamp');
  const signature = header('x-slack-signature');
  if (!verifySlackSignature({ signingSecret, timestamp, signature, rawBody, now })) {
    return answer(401, '', 'the signature or its time is not valid');
  }
  const payload = jsonOrUndefined(form === undefined ? body : (form.get('payload') ?? ''));
  return respond(parseSlackPayload(payload), request.enqueue);
}

async function respond(parsed: ParsedPayload, enqueue: SlackRequest['enqueue']): Promise<SlackResponse> {
  switch (parsed.kind) {
    case 'interaction':
      return accept(parsed.interaction, enqueue);
    case 'invalid-form':
      return formErrors(parsed.errors, 'the form was not filled in properly');
    case 'url-verification':
      return json({ challenge: parsed.challenge });
    case 'ignored':
      return answer(200, '', parsed.reason);
    case 'malformed':
      return answer(400, '', parsed.detail);
  }
}

async function accept(interaction: SlackInteraction, enqueue: SlackRequest['enqueue']): Promise<SlackResponse> {
  try {
    await enqueue(interaction);
    return answer(200, '');
  } catch (thrown) {
    const note = `the interaction could not be handed on: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    // An open form can say so and keep what was typed; for a button Slack shows its own warning.
    if (interaction.kind !== 'accept-risk-submit') return answer(503, '', note);
    return formErrors({ reason: FORM_TEXTS[interaction.language].notRecorded }, note);
  }
}

function formErrors(errors: Readonly<Record<string, string>>, note: string): SlackResponse {
  return { ...json({ response_action: 'errors', errors }), note };
}

function json(value: unknown): SlackResponse {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

function answer(status: number, body: string, note?: string): SlackResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body,
    ...(note !== undefined && { note }),
  };
}

function headerReader(headers: SlackRequest['headers']): (name: string) => string | undefined {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => lower.get(name);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
