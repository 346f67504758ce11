import type { Language } from '#core/notification/destination.ts';
import type { ChatMessage, ChatResult } from '#ports/chat.ts';
import type { AcceptRisk } from '#ports/http-api.ts';

/** `block_id` of the actions block that carries our buttons; buttons elsewhere are not ours. */
export type ButtonsBlockId = 'yagura';

/** `action_id`s of our buttons. Each button's `value` is a ProblemReference. */
export type ButtonActionId = 'yagura.acknowledge' | 'yagura.assign' | 'yagura.accept-risk' | 'yagura.why';

/**
 * The problem key, or `sha256:<hex of its UTF-8 bytes>` when the key is longer than the 2,000 characters a button value may have.
 * Resolving a hash means comparing it with the keys of the messages sent to that channel.
 */
export type ProblemReference = string;

export type SlackUser = { readonly id: string; readonly name: string };

type Clicked = {
  readonly user: SlackUser;
  /** `name` has no `#`; null where Slack does not say (private channels may be "privategroup"). */
  readonly channel: { readonly id: string; readonly name: string | null };
  /** The message that carries the button. */
  readonly messageTs: string;
  /** Set when that message is an answer in a thread. */
  readonly threadTs: string | null;
  /** Opens one view within 3 seconds of the click. */
  readonly triggerId: string;
  readonly problem: ProblemReference;
};

/** What a person did in Slack, verified and understood. */
export type SlackInteraction =
  | (Clicked & { readonly kind: 'acknowledge' | 'assign' | 'why' | 'accept-risk-open' })
  | (Clicked & { readonly kind: 'accept-risk-submit'; readonly values: AcceptRisk; readonly language: Language });

/** The form behind *accept risk*; what it must remember travels with it. */
export type AcceptRiskForm = {
  readonly kind: 'accept-risk';
  readonly language: Language;
  /** One line saying which problem this is about. */
  readonly subject: string;
  readonly problem: ProblemReference;
  readonly channel: { readonly id: string; readonly name: string | null };
  readonly messageTs: string;
  readonly threadTs: string | null;
};

/**
 * Answers people who pressed a button.
 * @example await responder.postEphemeral({ channelId, userId: interaction.user.id, threadTs: interaction.messageTs }, message);
 */
export interface SlackResponder {
  /** Seen by one person only; lost when that person is not in the channel. */
  postEphemeral(
    to: { readonly channelId: string; readonly userId: string; readonly threadTs: string | null },
    message: ChatMessage,
  ): Promise<ChatResult>;
  /** `rejected` when the trigger id is used or older than 3 seconds: the person has to press again. */
  openView(triggerId: string, view: AcceptRiskForm): Promise<ChatResult>;
  reply(to: { readonly channelId: string; readonly threadTs: string }, message: ChatMessage): Promise<ChatResult>;
}
