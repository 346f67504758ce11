import { type Arguments, textArgument } from './arguments.ts';
import { type Answer, refuseContent } from './web-api.ts';
import { findChannel, secondsToWait, storeMessage, type Workspace } from './workspace.ts';

/** Answers an incoming webhook: plain text, and HTTP statuses that mean something. */
export function answerWebhook(workspace: Workspace, path: string, args: Arguments): Answer {
  const found = [...workspace.webhooks].find(([, webhook]) => webhook.path === path);
  if (found === undefined) return { status: 404, body: 'no_team' };
  const [name, webhook] = found;
  if (webhook.state === 'removed') return { status: 404, body: 'no_service' };
  const channel = findChannel(workspace, webhook.channel);
  if (channel === undefined) return { status: 404, body: 'channel_not_found' };
  if (channel.archived) return { status: 410, body: 'channel_is_archived' };
  if (Object.keys(args).length === 0) return { status: 400, body: 'invalid_payload' };
  const refused = refuseContent(args);
  if (refused !== null) return { status: 400, body: webhookError(refused.body) };
  const wait = secondsToWait(workspace, path);
  if (wait !== null) return { status: 429, headers: { 'retry-after': String(wait) }, body: 'rate_limited' };
  storeMessage(workspace, {
    channel,
    text: textArgument(args, 'text') ?? '',
    blocks: Array.isArray(args['blocks']) ? args['blocks'] : [],
    threadTs: textArgument(args, 'thread_ts') ?? null,
    webhook: name,
  });
  return { status: 200, body: 'ok' };
}

function webhookError(body: unknown): string {
  return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : 'invalid_payload';
}
