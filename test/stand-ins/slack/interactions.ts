import { createHmac } from 'node:crypto';

export type SlackUserSpec = { readonly id: string; readonly name: string };
const SOMEBODY: SlackUserSpec = { id: 'U0000000042', name: 'hanako' };

/** The headers Slack signs a request with. */
export function signedHeaders(signingSecret: string, body: string | Uint8Array, atMs: number): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1000));
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac}`,
  };
}

/** The form body Slack sends for an interaction payload. */
export function formBody(payload: unknown): string {
  return `payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

export type Click = {
  readonly actionId: string;
  readonly value: string;
  readonly channelId: string;
  readonly channelName?: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly triggerId: string;
  readonly user?: SlackUserSpec;
  readonly message?: Record<string, unknown>;
};

/** A `block_actions` payload as Slack sends it for a click on one of our buttons. */
export function blockActionsPayload(click: Click): Record<string, unknown> {
  const { actionId, value, channelId, ts, threadTs, triggerId, user = SOMEBODY } = click;
  return {
    type: 'block_actions',
    user: { id: user.id, username: user.name, name: user.name, team_id: 'T0000000001' },
    api_app_id: 'A0000000001',
    token: 'deprecated-verification-token',
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channelId,
      is_ephemeral: false,
      ...(threadTs && { thread_ts: threadTs }),
    },
    trigger_id: triggerId,
    team: { id: 'T0000000001', domain: 'example' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channelId, name: click.channelName ?? 'payments-guardduty' },
    message: { type: 'message', ts, ...(threadTs && { thread_ts: threadTs }), ...click.message },
    state: { values: {} },
    response_url: 'https://hooks.slack.com/actions/T0000000001/1/example',
    actions: [
      {
        type: 'button',
        block_id: 'yagura',
        action_id: actionId,
        value,
        text: { type: 'plain_text', text: 'button', emoji: true },
        action_ts: ts,
      },
    ],
  };
}

export type Submission = {
  readonly view: Record<string, unknown>;
  /** block id -> action id -> the element's state. */
  readonly values: Record<string, Record<string, Record<string, unknown>>>;
  readonly triggerId?: string;
  readonly user?: SlackUserSpec;
};

/** A `view_submission` payload as Slack sends it for a submitted modal. */
export function viewSubmissionPayload({
  view,
  values,
  triggerId,
  user = SOMEBODY,
}: Submission): Record<string, unknown> {
  return {
    type: 'view_submission',
    team: { id: 'T0000000001', domain: 'example' },
    user: { id: user.id, username: user.name, name: user.name, team_id: 'T0000000001' },
    api_app_id: 'A0000000001',
    token: 'deprecated-verification-token',
    trigger_id: triggerId ?? '1.1.submission',
    view: { id: 'V0000000001', team_id: 'T0000000001', ...view, state: { values } },
    response_urls: [],
    is_enterprise_install: false,
    enterprise: null,
  };
}
