import {
  type Arguments,
  addedView,
  isRecord,
  listArgument,
  metadataArgument,
  recordArgument,
  textArgument,
} from './arguments.ts';
import { checkBlocks, checkText } from './block-limits.ts';
import {
  type Channel,
  findChannel,
  type StoredMessage,
  secondsToWait,
  storeMessage,
  type Workspace,
} from './workspace.ts';

export type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };
type Handler = (workspace: Workspace, args: Arguments) => Answer;

const MAX_TEXT = 40_000;
/** chat.update documents a smaller text than chat.postMessage. */
const MAX_UPDATED_TEXT = 4_000;
const TRIGGER_LIFETIME_MS = 3_000;

const ok = (fields: Record<string, unknown> = {}): Answer => ({ status: 200, body: { ok: true, ...fields } });
const no = (error: string, messages: readonly string[] = []): Answer => ({
  status: 200,
  body: { ok: false, error, ...(messages.length > 0 && { errors: messages, response_metadata: { messages } }) },
});

/** 429 as Slack sends it. */
export function tooMany(seconds: number): Answer {
  return { status: 429, headers: { 'retry-after': String(seconds) }, body: { ok: false, error: 'ratelimited' } };
}

/** The scopes a call needs, which depend on the kind of channel it is about. */
type Scopes = (workspace: Workspace, args: Arguments) => readonly string[];

const none: Scopes = () => [];
const write: Scopes = () => ['chat:write'];
const read: Scopes = (_, args) =>
  typesIn(args).map((type) => (type === 'private_channel' ? 'groups:read' : 'channels:read'));
const readHistory: Scopes = (workspace, args) => [
  findChannel(workspace, args['channel'])?.private === true ? 'groups:history' : 'channels:history',
];

const HANDLERS: Readonly<Record<string, { readonly scopes: Scopes; readonly run: Handler }>> = {
  'auth.test': { scopes: none, run: () => ok(WHO) },
  'chat.postMessage': { scopes: write, run: postMessage },
  'chat.update': { scopes: write, run: update },
  'chat.postEphemeral': { scopes: write, run: postEphemeral },
  'conversations.history': { scopes: readHistory, run: history },
  'conversations.replies': { scopes: readHistory, run: replies },
  'conversations.list': { scopes: read, run: ({ channels }, args) => listChannels(channels, args) },
  'users.conversations': {
    scopes: read,
    run: ({ channels }, args) => {
      const own = channels.filter(({ member }) => member);
      return listChannels(own, args);
    },
  },
  'views.open': { scopes: none, run: openView },
};

const WHO = {
  url: 'https://example.slack.com/',
  team: 'Example',
  user: 'yagura',
  team_id: 'T0000000001',
  user_id: 'U0000000001',
  bot_id: 'B0000000001',
};

/** Answers one Web API method for a valid token. */
export function callWebApi(workspace: Workspace, method: string, args: Arguments): Answer {
  const handler = HANDLERS[method];
  if (handler === undefined) return no('unknown_method');
  const { scopes: granted } = workspace;
  const missing = granted === null ? [] : handler.scopes(workspace, args).filter((scope) => !granted.has(scope));
  if (granted === null || missing.length === 0) return handler.run(workspace, args);
  const provided = [...granted].join(',');
  return { status: 200, body: { ok: false, error: 'missing_scope', needed: missing.join(','), provided } };
}

function typesIn(args: Arguments): readonly string[] {
  return (textArgument(args, 'types') ?? 'public_channel').split(',');
}

function reachable(workspace: Workspace, args: Arguments): Channel | Answer {
  const channel = findChannel(workspace, args['channel']);
  if (channel === undefined || (channel.private && !channel.member)) return no('channel_not_found');
  if (channel.archived) return no('is_archived');
  if (!channel.member) return no('not_in_channel');
  return channel;
}

const isAnswer = (value: Channel | Answer): value is Answer => 'status' in value;

/** Checks text and blocks; null when Slack would take them. */
export function refuseContent(args: Arguments, maxText: number = MAX_TEXT): Answer | null {
  const text = textArgument(args, 'text');
  const blocks = listArgument(args, 'blocks');
  if (blocks === 'malformed') return no('invalid_blocks_format');
  if ((text === undefined || text === '') && (blocks === undefined || blocks.length === 0)) return no('no_text');
  if (text !== undefined && text.length > maxText) return no('msg_too_long');
  if (blocks === undefined) return null;
  const check = checkBlocks(blocks, 'message');
  return check.error === null ? null : no(check.error, check.messages);
}

function postMessage(workspace: Workspace, args: Arguments): Answer {
  const channel = reachable(workspace, args);
  if (isAnswer(channel)) return channel;
  const refused = refuseContent(args);
  if (refused !== null) return refused;
  const metadata = metadataArgument(args);
  if (metadata === 'malformed') return no('invalid_metadata_format');
  const wait = secondsToWait(workspace, channel.id);
  if (wait !== null) return tooMany(wait);
  const stored = storeMessage(workspace, {
    channel,
    text: textArgument(args, 'text') ?? '',
    blocks: blocksOf(args),
    threadTs: textArgument(args, 'thread_ts') ?? null,
    metadata,
  });
  return ok({ channel: channel.id, ts: stored.ts, message: asSlackShowsIt(workspace, stored, true) });
}

function update(workspace: Workspace, args: Arguments): Answer {
  const channel = workspace.channels.find(({ id }) => id === args['channel']);
  if (channel === undefined) return no('channel_not_found');
  if (channel.archived) return no('is_inactive');
  const message = workspace.messages.find(({ channelId, ts }) => channelId === channel.id && ts === args['ts']);
  if (message === undefined || message.ephemeralFor !== null) return no('message_not_found');
  if (!message.byApp || message.webhook !== null) return no('cant_update_message');
  const refused = refuseContent(args, MAX_UPDATED_TEXT);
  if (refused !== null) return refused;
  message.text = textArgument(args, 'text') ?? '';
  // Slack keeps the old blocks when an edit brings none; an empty list removes them.
  if (args['blocks'] !== undefined) message.blocks = blocksOf(args);
  message.editedAt = workspace.now();
  message.versions.push({ text: message.text, blocks: message.blocks });
  return ok({ channel: channel.id, ts: message.ts, text: message.text });
}

function postEphemeral(workspace: Workspace, args: Arguments): Answer {
  const channel = reachable(workspace, args);
  if (isAnswer(channel)) return channel;
  const user = textArgument(args, 'user');
  if (user === undefined) return no('user_not_in_channel');
  const refused = refuseContent(args);
  if (refused !== null) return refused;
  const threadTs = textArgument(args, 'thread_ts') ?? null;
  const text = textArgument(args, 'text') ?? '';
  const stored = storeMessage(workspace, { channel, text, blocks: blocksOf(args), threadTs, ephemeralFor: user });
  return ok({ message_ts: stored.ts });
}

function history(workspace: Workspace, args: Arguments): Answer {
  const channel = reachable(workspace, args);
  if (isAnswer(channel)) return channel;
  const visible = workspace.messages.filter((m) => m.channelId === channel.id && m.threadTs === null);
  return messagePage(workspace, visible.reverse(), args);
}

function replies(workspace: Workspace, args: Arguments): Answer {
  const channel = reachable(workspace, args);
  if (isAnswer(channel)) return channel;
  const ts = args['ts'];
  const inChannel = workspace.messages.filter((m) => m.channelId === channel.id);
  const parent = inChannel.find((m) => m.ts === ts);
  if (parent === undefined) return no('thread_not_found');
  return messagePage(workspace, [parent, ...inChannel.filter((m) => m.threadTs === ts)], args);
}

function messagePage(workspace: Workspace, messages: readonly StoredMessage[], args: Arguments): Answer {
  const oldest = Number(args['oldest'] ?? 0);
  const latest = Number(args['latest'] ?? Number.POSITIVE_INFINITY);
  const withMetadata = String(args['include_all_metadata']) === 'true';
  const wanted = messages.filter((m) => m.ephemeralFor === null && Number(m.ts) > oldest && Number(m.ts) < latest);
  return page(wanted, args, 'messages', (m) => asSlackShowsIt(workspace, m, withMetadata));
}

function listChannels(channels: readonly Channel[], args: Arguments): Answer {
  const types = typesIn(args);
  const withoutArchived = String(args['exclude_archived']) === 'true';
  const wanted = channels.filter(
    (channel) =>
      types.includes(channel.private ? 'private_channel' : 'public_channel') &&
      (!channel.private || channel.member) &&
      !(withoutArchived && channel.archived),
  );
  return page(wanted, args, 'channels', (channel) => ({
    id: channel.id,
    name: channel.name,
    is_channel: true,
    is_private: channel.private,
    is_archived: channel.archived,
    is_member: channel.member,
  }));
}

function page<T>(items: readonly T[], args: Arguments, key: string, show: (item: T) => unknown): Answer {
  const limit = Math.min(Number(args['limit'] ?? 100), 999);
  const from = Number(textArgument(args, 'cursor') ?? 0);
  const rest = from + limit < items.length;
  return ok({
    [key]: items.slice(from, from + limit).map(show),
    has_more: rest,
    response_metadata: { next_cursor: rest ? String(from + limit) : '' },
  });
}

function openView(workspace: Workspace, args: Arguments): Answer {
  const trigger = workspace.triggers.get(String(args['trigger_id']));
  if (trigger === undefined) return no('invalid_trigger_id');
  if (trigger.used) return no('exchanged_trigger_id');
  if (workspace.now() - trigger.at > TRIGGER_LIFETIME_MS) return no('expired_trigger_id');
  const view = recordArgument(args, 'view');
  if (view === undefined) return no('invalid_arguments', ['[ERROR] missing required field: view']);
  const messages: string[] = [];
  const complain = (what: string, pointer: string) => messages.push(`[ERROR] ${what} [json-pointer:/view${pointer}]`);
  if (view['type'] !== 'modal') complain('must be `modal`', '/type');
  for (const key of ['title', 'submit', 'close']) {
    if (view[key] !== undefined || key === 'title') checkText(view[key], `/${key}`, 24, complain, 'plain_text');
  }
  const blocks = view['blocks'];
  const inputs = Array.isArray(blocks) && blocks.some((block) => isRecord(block) && block['type'] === 'input');
  if (inputs && view['submit'] === undefined) complain('must define `submit` to use an `input` block', '');
  if (String(view['private_metadata'] ?? '').length > 3_000)
    complain('must be less than 3001 characters', '/private_metadata');
  if (String(view['callback_id'] ?? '').length > 255) complain('must be less than 256 characters', '/callback_id');
  messages.push(...checkBlocks(blocks, 'modal').messages);
  if (messages.length > 0) return no('invalid_arguments', messages);
  trigger.used = true;
  return ok({ view: addedView(workspace, String(args['trigger_id']), view) });
}

function blocksOf(args: Arguments): readonly unknown[] {
  const blocks = listArgument(args, 'blocks');
  return blocks === undefined || blocks === 'malformed' ? [] : blocks;
}

function asSlackShowsIt(workspace: Workspace, message: StoredMessage, withMetadata: boolean): Record<string, unknown> {
  const answers = workspace.messages.filter((m) => m.channelId === message.channelId && m.threadTs === message.ts);
  const last = answers.at(-1);
  return {
    type: 'message',
    user: message.byApp ? 'U0000000001' : 'U0000000099',
    ...(message.byApp && { bot_id: 'B0000000001' }),
    ts: message.ts,
    text: message.text,
    blocks: message.blocks,
    ...(message.threadTs !== null && { thread_ts: message.threadTs }),
    ...(last !== undefined && { thread_ts: message.ts, reply_count: answers.length, latest_reply: last.ts }),
    ...(withMetadata && message.metadata !== null && { metadata: message.metadata }),
  };
}
