import type { SecretName } from '#ports/secret-source.ts';

/** The JSON that holds all secrets: `{ "slackBotToken": "…", "webhooks": { "payments": "https://…" } }`. */
export type SecretDocument = ReadonlyMap<string, string>;

const NAMES: ReadonlySet<string> = new Set([
  'slackBotToken',
  'slackAppToken',
  'slackSigningSecret',
  'eventsToken',
] satisfies SecretName[]);

/** Reads the document; `problem` says what is wrong with it in words that hold no value. */
export function readSecretDocument(
  text: string,
): { readonly document: SecretDocument; readonly problem?: string } | { readonly problem: string } {
  const parsed = parse(text);
  if (!isRecord(parsed)) return { problem: 'is not a JSON object' };
  const document = new Map<string, string>();
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(parsed)) {
    if (name === 'webhooks' && isRecord(value)) {
      for (const [webhook, url] of Object.entries(value)) keep(`webhook:${webhook}`, url);
    } else if (NAMES.has(name) || name.startsWith('webhook:')) keep(name, value);
    else wrong.push(shown(name));
  }
  return wrong.length === 0
    ? { document }
    : { document, problem: `has entries that are unknown or no text: ${wrong.join(', ')}` };

  function keep(name: string, value: unknown): void {
    if (typeof value !== 'string') wrong.push(shown(name));
    else if (value.trim() !== '') document.set(name, value.trim());
  }
}

// The parser's own message quotes the text around the mistake, which here is a secret.
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

// A name can be a secret pasted into the wrong place.
function shown(name: string): string {
  return /^[\w:-]{1,24}$/.test(name) && !/^x(ox|app)/.test(name) ? JSON.stringify(name) : 'one with an unusual name';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
