import { z } from 'zod';
import type { Language } from '#core/notification/destination.ts';
import type { ButtonActionId, ButtonsBlockId, SlackInteraction } from '#ports/slack-actions.ts';
import { ACCEPT_RISK_CALLBACK, DAYS, FORM_TEXTS, MAX_REASON, MIN_REASON, SCOPES } from './accept-risk-view.ts';

/** What a payload from Slack asks for. */
export type ParsedPayload =
  | { readonly kind: 'interaction'; readonly interaction: SlackInteraction }
  /** To be shown in the open form, by block id. */
  | { readonly kind: 'invalid-form'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'url-verification'; readonly challenge: string }
  /** Fine, but nothing to do: a link button, another app's view. */
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly detail: string };

const KIND_OF_BUTTON = {
  'yagura.acknowledge': 'acknowledge',
  'yagura.assign': 'assign',
  'yagura.accept-risk': 'accept-risk-open',
  'yagura.why': 'why',
} as const satisfies Record<ButtonActionId, SlackInteraction['kind']>;

const BUTTONS_BLOCK: ButtonsBlockId = 'yagura';
const id = z.string().min(1).max(100);
const user = z.object({ id, username: z.string().max(300).optional(), name: z.string().max(300).optional() });

const envelope = z.object({ type: z.string() });
const urlVerification = z.object({ challenge: z.string().min(1).max(1_000) });

const blockActions = z.object({
  user,
  trigger_id: z.string().min(1).max(300),
  channel: z.object({ id, name: z.string().max(300).optional() }).optional(),
  container: z.object({ message_ts: id.optional(), thread_ts: id.optional() }).optional(),
  message: z.object({ ts: id.optional(), thread_ts: id.optional() }).optional(),
  actions: z
    .array(
      z.object({ action_id: z.string(), block_id: z.string().optional(), value: z.string().max(2_000).optional() }),
    )
    .max(25),
});

const elementState = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
const viewSubmission = z.object({
  user,
  trigger_id: z.string().max(300).optional(),
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string().max(3_000),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), elementState)) }),
  }),
});

const remembered = z.object({
  problemKey: z.string().min(1).max(2_000),
  channel: id,
  channelName: z.string().max(300).optional(),
  messageTs: id,
  threadTs: id.optional(),
  language: z.enum(['en', 'ja']),
});

/** Understands a payload whose signature was verified, or that came through Socket Mode. Total: never throws. */
export function parseSlackPayload(payload: unknown): ParsedPayload {
  const head = envelope.safeParse(payload);
  if (!head.success) return malformed(head.error);
  switch (head.data.type) {
    case 'block_actions':
      return parseBlockActions(payload);
    case 'view_submission':
      return parseViewSubmission(payload);
    case 'url_verification': {
      const parsed = urlVerification.safeParse(payload);
      return parsed.success ? { kind: 'url-verification', challenge: parsed.data.challenge } : malformed(parsed.error);
    }
    default:
      return { kind: 'ignored', reason: `payload type ${head.data.type.slice(0, 60)}` };
  }
}

function parseBlockActions(payload: unknown): ParsedPayload {
  const parsed = blockActions.safeParse(payload);
  if (!parsed.success) return malformed(parsed.error);
  const { actions, channel, container, message, trigger_id: triggerId } = parsed.data;
  const action = actions.find(({ action_id: name, block_id: block }) => isOurButton(name) && block === BUTTONS_BLOCK);
  if (action === undefined || !isOurButton(action.action_id)) return { kind: 'ignored', reason: 'no button of ours' };
  const messageTs = container?.message_ts ?? message?.ts;
  if (channel === undefined || messageTs === undefined || !action.value) {
    return { kind: 'malformed', detail: 'the button came without its channel, message or problem' };
  }
  return {
    kind: 'interaction',
    interaction: {
      kind: KIND_OF_BUTTON[action.action_id],
      user: personOf(parsed.data.user),
      channel: { id: channel.id, name: channelNameOf(channel.name) },
      messageTs,
      threadTs: container?.thread_ts ?? message?.thread_ts ?? null,
      triggerId,
      problem: action.value,
    },
  };
}

// Slack writes these in place of a name it does not tell.
function channelNameOf(name: string | undefined): string | null {
  return name === undefined || name === '' || name === 'privategroup' || name === 'directmessage' ? null : name;
}

function isOurButton(actionId: string): actionId is ButtonActionId {
  return Object.hasOwn(KIND_OF_BUTTON, actionId);
}

function parseViewSubmission(payload: unknown): ParsedPayload {
  const parsed = viewSubmission.safeParse(payload);
  if (!parsed.success) return malformed(parsed.error);
  const { view, trigger_id: triggerId } = parsed.data;
  if (view.callback_id !== ACCEPT_RISK_CALLBACK) return { kind: 'ignored', reason: 'no form of ours' };
  const memory = remembered.safeParse(jsonOrUndefined(view.private_metadata));
  if (!memory.success) return { kind: 'invalid-form', errors: { reason: FORM_TEXTS.en.outdated } };
  const { problemKey: problem, channel, channelName, messageTs, threadTs, language } = memory.data;
  const { values, errors } = checkedForm(view.state.values, language);
  if (values === null) return { kind: 'invalid-form', errors };
  return {
    kind: 'interaction',
    interaction: {
      kind: 'accept-risk-submit',
      user: personOf(parsed.data.user),
      channel: { id: channel, name: channelName ?? null },
      messageTs,
      threadTs: threadTs ?? null,
      triggerId: triggerId ?? '',
      problem,
      values,
      language,
    },
  };
}

type FormState = z.infer<typeof viewSubmission>['view']['state']['values'];
type Checked = {
  readonly values: Extract<SlackInteraction, { kind: 'accept-risk-submit' }>['values'] | null;
  readonly errors: Readonly<Record<string, string>>;
};

function checkedForm(state: FormState, language: Language): Checked {
  const texts = FORM_TEXTS[language];
  const errors: Record<string, string> = {};
  const reason = (state['reason']?.['reason']?.value ?? '').trim();
  const length = [...reason].length;
  if (length < MIN_REASON) errors['reason'] = texts.reasonTooShort;
  if (length > MAX_REASON) errors['reason'] = texts.reasonTooLong;
  const scope = SCOPES.find((name) => name === state['scope']?.['scope']?.selected_option?.value);
  if (scope === undefined) errors['scope'] = texts.chooseOne;
  const days = DAYS.find((count) => String(count) === state['days']?.['days']?.selected_option?.value);
  if (days === undefined) errors['days'] = texts.chooseOne;
  if (Object.keys(errors).length > 0 || scope === undefined || days === undefined) return { values: null, errors };
  return { values: { reason, scope, days }, errors };
}

function personOf({ id: userId, username, name }: z.infer<typeof user>): {
  readonly id: string;
  readonly name: string;
} {
  return { id: userId, name: username || name || userId };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(error: z.ZodError): ParsedPayload {
  return { kind: 'malformed', detail: z.prettifyError(error).slice(0, 500) };
}
