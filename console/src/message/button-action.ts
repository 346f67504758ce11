import type { SlackButton } from './block-kit.ts';

/** What a button of our messages does here. */
export type ButtonAction =
  | { readonly kind: 'acknowledge' | 'assign' | 'accept-risk' | 'why'; readonly problemKey: string }
  | { readonly kind: 'open'; readonly href: string }
  | { readonly kind: 'none' };

const WORDS = [
  ['acknowledge', 'acknowledge'],
  ['assign', 'assign'],
  ['accept', 'accept-risk'],
  ['exception', 'accept-risk'],
  ['why', 'why'],
] as const;

/** Reads what a button is for from its action id, and which of the message's problems it is about. */
export function actionOf(button: SlackButton, problemKeys: readonly string[]): ButtonAction {
  if (button.href !== undefined) return { kind: 'open', href: button.href };
  const id = button.actionId.toLowerCase();
  const kind = WORDS.find(([word]) => id.includes(word))?.[1];
  const problemKey = problemKeyOf(button.value, problemKeys);
  return kind === undefined || problemKey === undefined ? { kind: 'none' } : { kind, problemKey };
}

function problemKeyOf(value: string, problemKeys: readonly string[]): string | undefined {
  if (problemKeys.includes(value)) return value;
  // The value may carry more than the key; the key itself must be one of the message's own.
  const inside = problemKeys.find((key) => value.includes(key) || value.includes(JSON.stringify(key).slice(1, -1)));
  return inside ?? (problemKeys.length === 1 ? problemKeys[0] : undefined);
}
