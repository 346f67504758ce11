import type { SlackButton } from './block-kit.ts';

/** What a button of our messages does here. */
export type ButtonAction =
  | { readonly kind: 'acknowledge' | 'assign' | 'accept-risk' | 'why'; readonly problemKey: string }
  | { readonly kind: 'open'; readonly href: string }
  | { readonly kind: 'none' };

/** The `action_id`s of the buttons that Slack sends back to the server. */
const KINDS = {
  'yagura.acknowledge': 'acknowledge',
  'yagura.assign': 'assign',
  'yagura.accept-risk': 'accept-risk',
  'yagura.why': 'why',
} as const;

/** Reads what a button is for from its action id, and which of the message's problems it is about. */
export function actionOf(button: SlackButton, problemKeys: readonly string[]): ButtonAction {
  if (button.href !== undefined) return { kind: 'open', href: button.href };
  const id = button.actionId;
  if (!isOurs(id)) return { kind: 'none' };
  const problemKey = problemKeyOf(button.value, problemKeys);
  return problemKey === undefined ? { kind: 'none' } : { kind: KINDS[id], problemKey };
}

function isOurs(actionId: string): actionId is keyof typeof KINDS {
  return Object.hasOwn(KINDS, actionId);
}

function problemKeyOf(value: string, problemKeys: readonly string[]): string | undefined {
  if (problemKeys.includes(value)) return value;
  // A key too long for a button travels as its hash; a message about one problem needs neither.
  return problemKeys.length === 1 ? problemKeys[0] : undefined;
}
