import type { ChatFailure } from '#ports/chat.ts';

/** What was tried and where, for messages a person reads. */
export type Attempt = { readonly what: string; readonly where: string };

const DEFAULT_RETRY_AFTER_MS = 30_000;

/** Slack's own trouble: the same request may succeed later. */
const TEMPORARY = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
  'org_login_required',
  'message_limit_exceeded',
]);

const RATE_LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_per_minute']);

const NEW_TOKEN = 'Install the app again, store its new bot token as the Slack token, and retry.';
const FORMAT = 'This is a fault of the message, not of the channel: please report it with the problem key.';

/** Slack's error code -> what a person does about it. */
const NEXT_STEP: Readonly<Record<string, string>> = {
  channel_not_found: 'Create the channel or correct its name; a private channel must invite the app with /invite.',
  not_in_channel: 'Invite the app: type /invite @yagura in that channel.',
  is_archived: 'Unarchive the channel, or name another one in yagura.yaml.',
  is_inactive: 'Unarchive the channel, or name another one in yagura.yaml.',
  invalid_auth: `The token is not valid. ${NEW_TOKEN}`,
  not_authed: 'No token was sent. Set the Slack bot token.',
  token_revoked: `The token was revoked. ${NEW_TOKEN}`,
  token_expired: `The token expired. ${NEW_TOKEN}`,
  account_inactive: `The app was removed or its workspace is gone. ${NEW_TOKEN}`,
  not_allowed_token_type: 'Use the bot token (xoxb-…) for messages and the app-level token (xapp-…) for Socket Mode.',
  missing_scope: 'Add the missing scope to the app (docs/slack-app-manifest.yaml lists all) and install it again.',
  no_permission: 'Ask a workspace administrator to let the app post there.',
  access_denied: 'Ask a workspace administrator to let the app post there.',
  ekm_access_denied: 'A workspace administrator has suspended posting.',
  restricted_action: 'A workspace setting forbids posting there; ask an administrator.',
  restricted_action_read_only_channel: 'The channel is read only; allow the app to post or name another channel.',
  restricted_action_thread_only_channel: 'The channel takes answers in threads only; name another channel.',
  team_access_not_granted: 'Install the app in the workspace that owns the channel.',
  accesslimited: 'The workspace allows its API from certain networks only; ask an administrator.',
  message_not_found: 'The message was deleted; a new one is needed.',
  cant_update_message: 'The message was not posted by this app; a new one is needed.',
  edit_window_closed: 'The workspace no longer allows editing this message; a new one is needed.',
  thread_not_found: 'The thread was deleted; a new message is needed.',
  expired_trigger_id: 'More than 3 seconds passed since the click; press the button again.',
  exchanged_trigger_id: 'The form was opened already; press the button again.',
  invalid_trigger_id: 'Press the button again.',
  user_not_in_channel: 'The person left the channel.',
  msg_too_long: FORMAT,
  msg_blocks_too_long: FORMAT,
  invalid_blocks: FORMAT,
  invalid_blocks_format: FORMAT,
  invalid_arguments: FORMAT,
  invalid_metadata_format: FORMAT,
  invalid_metadata_schema: FORMAT,
  metadata_too_large: FORMAT,
  no_text: FORMAT,
  view_too_large: FORMAT,
  invalid_payload: FORMAT,
  user_not_found: 'The webhook names a person who is gone; create a new webhook and store its URL.',
  no_service: 'The webhook was removed or disabled; create a new one and store its URL.',
  no_service_id: 'The webhook URL is incomplete; store the whole URL.',
  no_team: 'The webhook URL names an unknown workspace; store the whole URL.',
  no_active_hooks: 'Incoming webhooks are switched off; enable them for the app.',
  team_disabled: 'The workspace is disabled.',
  invalid_token: 'The webhook URL is wrong or was replaced; store the new URL.',
  channel_is_archived: 'Unarchive the channel, or create a webhook for another one.',
  action_prohibited: 'A workspace setting forbids this webhook to post; ask an administrator.',
  posting_to_general_channel_denied: 'Only administrators may post to #general; create a webhook for another channel.',
};

/** The message that was to be edited or answered is gone; the channel is fine. */
const EARLIER_MESSAGE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found']);

/**
 * What one of Slack's error codes means for the message. An unknown code counts as temporary: trying again and being
 * parked after many tries loses nothing, giving up at once might.
 */
export function resultOfSlackError(
  code: string,
  attempt: Attempt,
  more: { readonly retryAfterMs?: number; readonly details?: readonly string[] } = {},
): ChatFailure {
  if (RATE_LIMITED.has(code)) return busy(more.retryAfterMs);
  const said = [`Slack said ${safeCode(code)}`, ...(more.details ?? []).slice(0, 3)].join('; ');
  const what = `${attempt.what} ${attempt.where}: ${said}.`;
  const nextStep = Object.hasOwn(NEXT_STEP, code) ? NEXT_STEP[code] : undefined;
  if (nextStep !== undefined) {
    const fault = nextStep === FORMAT ? 'content' : EARLIER_MESSAGE.has(code) ? 'earlier-message' : undefined;
    return {
      kind: 'rejected',
      error: withoutSecrets(`${what} ${nextStep}`),
      ...(fault !== undefined && { fault }),
    };
  }
  if (TEMPORARY.has(code)) return unavailable(`${what} It is tried again.`);
  return unavailable(`${what} This code is unknown here; it is tried again.`);
}

/** Slack did not answer properly; the request may succeed later. */
export function unavailable(error: string): ChatFailure {
  return { kind: 'unavailable', error: withoutSecrets(error) };
}

/** Slack wants fewer messages. */
export function busy(retryAfterMs: number | undefined): ChatFailure {
  return { kind: 'busy', retryAfterMs: retryAfterMs ?? DEFAULT_RETRY_AFTER_MS };
}

/** Reads a `Retry-After` header in seconds. */
export function retryAfterMs(header: string | null): number | undefined {
  const seconds = Number(header?.trim() || Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(1, Math.ceil(seconds)) * 1_000 : undefined;
}

/** Removes what looks like a Slack token, a webhook's secret path or a Socket Mode ticket, wherever it came from. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\bx(?:ox[a-z]|app)-[A-Za-z0-9-]+/g, '[token]')
    .replace(/\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]+/g, '/services/[secret]')
    .replace(/\bticket=[^&\s"']+/g, 'ticket=[secret]')
    .slice(0, 1_000);
}

// A proxy's HTML page may stand where Slack's code is expected.
function safeCode(code: string): string {
  return /^[a-z0-9_]{1,80}$/.test(code) ? code : `something that is no error code (${code.slice(0, 60)})`;
}
