import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { parseArguments } from './arguments.ts';
import { createFailures, type Failure } from './failures.ts';
import { createSocketMode, type SocketModeControls } from './socket-mode.ts';
import { type Answer, callWebApi, tooMany } from './web-api.ts';
import { answerWebhook } from './webhooks.ts';
import {
  addChannel,
  type Channel,
  type ChannelSpec,
  findChannel,
  type OpenedView,
  type StoredMessage,
  storeMessage,
  type TokenState,
  type Workspace,
} from './workspace.ts';

export type SlackStandInOptions = {
  /** Channels that exist; names with or without `#`. */
  readonly channels?: readonly (string | ChannelSpec)[];
  /** Webhook name -> channel it posts to. */
  readonly webhooks?: Readonly<Record<string, string>>;
  readonly botToken?: string;
  readonly appToken?: string;
  /** Scopes of the bot token; absent: all. */
  readonly scopes?: readonly string[];
  /** Slack's clock; tests that must not wait give their own. */
  readonly now?: () => number;
  /** Slack's one message a second and channel; 0 switches it off. */
  readonly minimumIntervalMs?: number;
};

export type ReceivedRequest = {
  /** Web API method, `webhook`, or the path of anything else. */
  readonly method: string;
  readonly at: number;
  readonly args: Readonly<Record<string, unknown>>;
  /** What was answered; null when nothing was. */
  status: number | null;
  error: string | null;
};

/**
 * A Slack to test against: Web API, incoming webhooks, Socket Mode.
 * @example const slack = await startSlackStandIn({ channels: ['#soc'] }); createSlackWebChat({ token: slack.botToken, baseUrl: slack.apiUrl });
 */
export type SlackStandIn = SocketModeControls & {
  /** `http://127.0.0.1:<port>`; the only origin a webhook adapter must be allowed to reach. */
  readonly origin: string;
  /** Base URL of the Web API, ends in `/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  webhookUrl(name: string): string;
  /** Every request, in order of arrival, also failed and refused ones. */
  readonly requests: readonly ReceivedRequest[];
  /** Messages now in the workspace (or one channel), in order of arrival; ephemeral ones included. */
  messages(channel?: string): readonly StoredMessage[];
  readonly views: readonly OpenedView[];
  /** A fresh trigger id, good for 3 seconds and one use. */
  trigger(): string;
  /** Scripts what happens instead of an answer. */
  fail(failure: Failure): void;
  /** Forgets all scripted failures. */
  recover(): void;
  addChannel(channel: ChannelSpec): Channel;
  setChannel(channel: string, change: { archived?: boolean; member?: boolean; deleted?: boolean }): void;
  setToken(state: TokenState): void;
  setWebhook(name: string, state: 'active' | 'removed'): void;
  /** A message by a person, not by the app. */
  say(channel: string, text: string, threadTs?: string): StoredMessage;
  stop(): Promise<void>;
};

/** Starts a Slack stand-in on a free loopback port. */
export async function startSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const botToken = options.botToken ?? 'xoxb-stand-in-0000000000-secret';
  const appToken = options.appToken ?? 'xapp-1-stand-in-0000000000-secret';
  const workspace = createWorkspace(options, botToken, appToken);
  const failures = createFailures();
  const requests: ReceivedRequest[] = [];
  const socketMode = createSocketMode();
  const server = createServer((request, response) => {
    void serve({ workspace, failures, requests, socketMode, server }, request, response).catch(() =>
      response.destroy(),
    );
  });
  const sockets = trackSockets(server);
  server.on('upgrade', (request, socket) => socketMode.accept(request, socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = originOf(server);
  const { controls } = socketMode;
  return {
    sendInteraction: controls.sendInteraction,
    sendDisconnect: controls.sendDisconnect,
    dropConnections: controls.dropConnections,
    acknowledgements: controls.acknowledgements,
    connectionCount: controls.connectionCount,
    waitForConnection: controls.waitForConnection,
    origin,
    apiUrl: `${origin}/api/`,
    botToken,
    appToken,
    requests,
    views: workspace.views,
    webhookUrl: (name) => `${origin}${workspace.webhooks.get(name)?.path ?? `/services/unknown/${name}`}`,
    messages: (channel) => messagesOf(workspace, channel),
    trigger: () => newTrigger(workspace),
    fail: (failure) => failures.add(failure),
    recover: () => failures.clear(),
    addChannel: (channel) => addChannel(workspace, channel),
    setChannel: (channel, change) => changeChannel(workspace, channel, change),
    setToken: (state) => void workspace.botTokens.set(botToken, state),
    setWebhook(name, state) {
      const webhook = workspace.webhooks.get(name);
      if (webhook !== undefined) webhook.state = state;
    },
    say: (channel, text, threadTs) => say(workspace, channel, text, threadTs),
    async stop() {
      controls.dropConnections();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function createWorkspace(options: SlackStandInOptions, botToken: string, appToken: string): Workspace {
  const workspace: Workspace = {
    now: options.now ?? Date.now,
    minimumIntervalMs: options.minimumIntervalMs ?? 1_000,
    botTokens: new Map([[botToken, 'valid']]),
    appTokens: new Map([[appToken, 'valid']]),
    scopes: options.scopes === undefined ? null : new Set(options.scopes),
    channels: [],
    webhooks: new Map(),
    messages: [],
    views: [],
    triggers: new Map(),
    lastPostAt: new Map(),
    sequence: 0,
  };
  for (const spec of options.channels ?? []) addChannel(workspace, typeof spec === 'string' ? { name: spec } : spec);
  for (const [name, channel] of Object.entries(options.webhooks ?? {})) {
    if (findChannel(workspace, channel) === undefined) addChannel(workspace, { name: channel });
    const path = `/services/T0000000001/B${String(workspace.webhooks.size + 1).padStart(10, '0')}/secret${workspace.webhooks.size + 1}`;
    workspace.webhooks.set(name, { path, channel, state: 'active' });
  }
  return workspace;
}

type Context = {
  readonly workspace: Workspace;
  readonly failures: ReturnType<typeof createFailures>;
  readonly requests: ReceivedRequest[];
  readonly socketMode: ReturnType<typeof createSocketMode>;
  readonly server: Server;
};

async function serve(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { workspace, failures, requests } = context;
  const body = await readBody(request);
  const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
  const args = parseArguments(body, String(request.headers['content-type'] ?? '')) ?? {};
  const method = methodOf(path);
  const received: ReceivedRequest = { method, at: workspace.now(), args, status: null, error: null };
  requests.push(received);
  const failure = failures.next(method, workspace.now());
  if (failure?.kind === 'hang') return;
  if (failure?.kind === 'reset') return void request.socket.destroy();
  const answer = failure === undefined ? undefined : answerOf(failure, method);
  const final = answer ?? handle(context, request, path, method, args);
  if (failure?.kind === 'hang-after') return;
  if (failure?.kind === 'reset-after') return void request.socket.destroy();
  received.status = final.status;
  received.error = errorOf(final.body);
  const text = typeof final.body === 'string' ? final.body : JSON.stringify(final.body);
  const type = typeof final.body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
  response.writeHead(final.status, { 'content-type': type, ...final.headers }).end(text);
}

function handle(
  context: Context,
  request: IncomingMessage,
  path: string,
  method: string,
  args: ReceivedRequest['args'],
): Answer {
  const { workspace, server, socketMode } = context;
  if (method === 'webhook') return answerWebhook(workspace, path, args);
  if (!path.startsWith('/api/') || request.method !== 'POST') return { status: 404, body: 'Not Found' };
  const refused = refuseToken(workspace, request, method);
  if (refused !== undefined) return { status: 200, body: { ok: false, error: refused } };
  if (method === 'apps.connections.open') {
    const url = `${originOf(server).replace('http:', 'ws:')}/link/?ticket=${socketMode.newTicket()}&app_id=A0000000001`;
    return { status: 200, body: { ok: true, url } };
  }
  return callWebApi(workspace, method, args);
}

function refuseToken(workspace: Workspace, request: IncomingMessage, method: string): string | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return 'not_authed';
  const wanted = method === 'apps.connections.open' ? workspace.appTokens : workspace.botTokens;
  const other = wanted === workspace.appTokens ? workspace.botTokens : workspace.appTokens;
  const state = wanted.get(token);
  if (state === undefined) return other.has(token) ? 'not_allowed_token_type' : 'invalid_auth';
  if (state === 'revoked') return 'token_revoked';
  return state === 'inactive' ? 'account_inactive' : undefined;
}

function answerOf(failure: Failure, method: string): Answer | undefined {
  switch (failure.kind) {
    case 'http':
      return { status: failure.status, body: failure.body ?? 'upstream connect error' };
    case 'ratelimited':
      return tooMany(failure.retryAfterSeconds);
    case 'redirect':
      return { status: 302, headers: { location: failure.location }, body: '' };
    case 'error':
      return method === 'webhook'
        ? { status: 400, body: failure.error }
        : { status: 200, body: { ok: false, error: failure.error } };
    default:
      return undefined;
  }
}

function errorOf(body: unknown): string | null {
  if (typeof body === 'string') return body === 'ok' ? null : body;
  return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : null;
}

function methodOf(path: string): string {
  if (path.startsWith('/api/')) return path.slice('/api/'.length);
  return path.startsWith('/services/') ? 'webhook' : path;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function originOf(server: Server): string {
  // A listening TCP server's address is never a pipe name.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function trackSockets(server: Server): Set<Duplex> {
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

function messagesOf(workspace: Workspace, channel?: string): readonly StoredMessage[] {
  if (channel === undefined) return [...workspace.messages];
  const id = findChannel(workspace, channel)?.id;
  return workspace.messages.filter((message) => message.channelId === id);
}

function newTrigger(workspace: Workspace): string {
  const id = `${workspace.triggers.size + 1}.1.trigger`;
  workspace.triggers.set(id, { at: workspace.now(), used: false });
  return id;
}

function changeChannel(
  workspace: Workspace,
  name: string,
  change: { archived?: boolean; member?: boolean; deleted?: boolean },
): void {
  const channel = findChannel(workspace, name);
  if (channel === undefined) throw new Error(`the stand-in has no channel ${name}`);
  if (change.deleted === true) workspace.channels.splice(workspace.channels.indexOf(channel), 1);
  if (change.archived !== undefined) channel.archived = change.archived;
  if (change.member !== undefined) channel.member = change.member;
}

function say(workspace: Workspace, name: string, text: string, threadTs?: string): StoredMessage {
  const channel = findChannel(workspace, name);
  if (channel === undefined) throw new Error(`the stand-in has no channel ${name}`);
  return storeMessage(workspace, {
    channel,
    text,
    blocks: [],
    byApp: false,
    ...(threadTs !== undefined && { threadTs }),
  });
}
