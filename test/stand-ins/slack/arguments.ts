import type { StoredMessage, Workspace } from './workspace.ts';

/** Arguments of a Web API call, from a form (values are text, structures are JSON text) or a JSON body. */
export type Arguments = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a request body as Slack does. */
export function parseArguments(body: string, contentType: string): Arguments | null {
  if (!contentType.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(body));
  const parsed = parsedOrUndefined(body);
  return isRecord(parsed) ? parsed : null;
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function textArgument(args: Arguments, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function structure(args: Arguments, name: string): unknown {
  const value = args[name];
  return typeof value === 'string' ? parsedOrUndefined(value) : value;
}

export function recordArgument(args: Arguments, name: string): Record<string, unknown> | undefined {
  const value = structure(args, name);
  return isRecord(value) ? value : undefined;
}

export function listArgument(args: Arguments, name: string): readonly unknown[] | 'malformed' | undefined {
  if (args[name] === undefined || args[name] === '') return undefined;
  const value = structure(args, name);
  return Array.isArray(value) ? value : 'malformed';
}

export function metadataArgument(args: Arguments): StoredMessage['metadata'] | 'malformed' {
  if (args['metadata'] === undefined) return null;
  const value = recordArgument(args, 'metadata');
  const type = value?.['event_type'];
  const payload = value?.['event_payload'];
  if (typeof type !== 'string' || type === '' || !isRecord(payload)) return 'malformed';
  return { event_type: type, event_payload: payload };
}

/** Remembers an opened view and gives it an id. */
export function addedView(
  workspace: Workspace,
  triggerId: string,
  view: Record<string, unknown>,
): Record<string, unknown> {
  const opened = { ...view, id: `V${String(workspace.views.length + 1).padStart(10, '0')}` };
  workspace.views.push({ triggerId, view: opened, openedAt: workspace.now() });
  return opened;
}
