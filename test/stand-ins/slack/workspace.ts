/** A channel as a test describes it. `member` (default true): whether the app was invited. */
export type ChannelSpec = {
  readonly name: string;
  readonly id?: string;
  readonly private?: boolean;
  readonly archived?: boolean;
  readonly member?: boolean;
};

export type Channel = { id: string; name: string; private: boolean; archived: boolean; member: boolean };

/** One message in a channel, as it is now; `versions` holds every text it had, oldest first. */
export type StoredMessage = {
  readonly channel: string;
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
  text: string;
  blocks: readonly unknown[];
  readonly metadata: { readonly event_type: string; readonly event_payload: Record<string, unknown> } | null;
  readonly byApp: boolean;
  readonly receivedAt: number;
  editedAt: number | null;
  readonly versions: { readonly text: string; readonly blocks: readonly unknown[] }[];
  /** Who alone sees it. */
  readonly ephemeralFor: string | null;
  readonly webhook: string | null;
};

export type OpenedView = {
  readonly triggerId: string;
  readonly view: Record<string, unknown>;
  readonly openedAt: number;
};
export type TokenState = 'valid' | 'revoked' | 'inactive';

/** Everything the stand-in knows; tests read it through `SlackStandIn`. */
export type Workspace = {
  readonly now: () => number;
  readonly minimumIntervalMs: number;
  readonly botTokens: Map<string, TokenState>;
  readonly appTokens: Map<string, TokenState>;
  readonly scopes: ReadonlySet<string> | null;
  readonly channels: Channel[];
  readonly webhooks: Map<string, { readonly path: string; readonly channel: string; state: 'active' | 'removed' }>;
  readonly messages: StoredMessage[];
  readonly views: OpenedView[];
  readonly triggers: Map<string, { readonly at: number; used: boolean }>;
  readonly lastPostAt: Map<string, number>;
  sequence: number;
};

/** Finds a channel by id, `#name` or `name`. */
export function findChannel(workspace: Workspace, wanted: unknown): Channel | undefined {
  if (typeof wanted !== 'string') return undefined;
  const name = wanted.startsWith('#') ? wanted.slice(1) : wanted;
  return workspace.channels.find((channel) => channel.id === wanted || channel.name === name);
}

/** Adds a channel; its id is derived from its place unless given. */
export function addChannel(workspace: Workspace, spec: ChannelSpec): Channel {
  const channel: Channel = {
    id: spec.id ?? `C${String(workspace.channels.length + 1).padStart(10, '0')}`,
    name: spec.name.replace(/^#/, ''),
    private: spec.private ?? false,
    archived: spec.archived ?? false,
    member: spec.member ?? true,
  };
  workspace.channels.push(channel);
  return channel;
}

/** A new message timestamp: unique, and in order of arrival. */
export function nextTs(workspace: Workspace): string {
  workspace.sequence += 1;
  return `${Math.floor(workspace.now() / 1000)}.${String(workspace.sequence).padStart(6, '0')}`;
}

/** Real senders and real clocks wobble; Slack's bucket does too. */
const TOLERANCE_MS = 50;

/** Slack takes about one message a second and channel: null when this one may pass, else the seconds to wait. */
export function secondsToWait(workspace: Workspace, key: string): number | null {
  const now = workspace.now();
  const last = workspace.lastPostAt.get(key);
  const wait = last === undefined ? 0 : last + workspace.minimumIntervalMs - now;
  if (wait > TOLERANCE_MS) return Math.max(1, Math.ceil(wait / 1000));
  workspace.lastPostAt.set(key, now);
  return null;
}

export type NewMessage = {
  readonly channel: Channel;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly threadTs?: string | null;
  readonly metadata?: StoredMessage['metadata'];
  readonly ephemeralFor?: string;
  readonly byApp?: boolean;
  readonly webhook?: string;
};

/** Stores a message as posted now. */
export function storeMessage(workspace: Workspace, message: NewMessage): StoredMessage {
  const { channel, text, blocks } = message;
  const stored: StoredMessage = {
    channel: channel.name,
    channelId: channel.id,
    ts: nextTs(workspace),
    threadTs: message.threadTs ?? null,
    text,
    blocks,
    metadata: message.metadata ?? null,
    byApp: message.byApp ?? true,
    receivedAt: workspace.now(),
    editedAt: null,
    versions: [{ text, blocks }],
    ephemeralFor: message.ephemeralFor ?? null,
    webhook: message.webhook ?? null,
  };
  workspace.messages.push(stored);
  return stored;
}
