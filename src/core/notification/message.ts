import type { Topic } from '#core/finding/observation.ts';
import type { Problem } from '#core/finding/problem.ts';
import type { Language } from '#core/notification/destination.ts';
import type { MessageAction } from '#core/notification/outbox.ts';
import type { Reason } from '#core/notification/reason.ts';
import type { AccountView } from '#core/organization/account.ts';

/** A Block Kit message; `text` is what notifications and screen readers say. */
export type SlackMessage = { readonly text: string; readonly blocks: readonly SlackBlock[] };

/** Any Block Kit block; the builders in block-kit.ts make the kinds that are used. */
export type SlackBlock = { readonly type: string; readonly [property: string]: unknown };

/** All a formatter may know of a problem. */
export type MessageInput = {
  readonly problem: Problem;
  /** Null when no account is concerned (a public Health event). */
  readonly account: AccountView | null;
  readonly team: { readonly id: string; readonly name: string } | null;
  /** `no-owner` and `unknown-account` are said loudly. */
  readonly ownership: 'owned' | 'no-owner' | 'unknown-account' | 'no-account';
  readonly audience: 'team' | 'central' | 'route';
  readonly language: Language;
  readonly action: MessageAction;
  readonly reason: Reason;
  /** The finding's page in the Yagura console, where one is reachable. */
  readonly consoleUrl: string | null;
  /** The same AWS page as `observation.sourceUrl`, opened in the right account through the access portal. */
  readonly sourceUrl: string | null;
};

/** Many problems in one message. */
export type DigestInput = {
  readonly language: Language;
  /** `burst`: the queue would have taken more than a minute; `quiet`: quiet hours ended; `schedule`: a route asked for it. */
  readonly cause: 'burst' | 'quiet' | 'schedule';
  readonly entries: readonly Omit<MessageInput, 'language'>[];
  /** Which part of how many this is, when one message does not hold all. */
  readonly part: number;
  readonly parts: number;
  readonly consoleUrl: string | null;
};

/** A unit of src/formatters/slack: one message form. Pure; has a golden file. */
export type SlackFormatter =
  | {
      readonly id: string;
      readonly for: 'topic';
      readonly topics: readonly Topic[];
      readonly format: (input: MessageInput) => SlackMessage;
    }
  | { readonly id: string; readonly for: 'end'; readonly format: (input: MessageInput) => SlackMessage }
  | {
      readonly id: string;
      readonly for: 'digest';
      readonly format: (input: DigestInput) => SlackMessage;
      readonly capacity: (entries: DigestInput['entries']) => number;
    };

/**
 * Declares a message form.
 * @example export const formatter = defineSlackFormatter({ id: 'health-event', for: 'topic', topics: ['health-event'], format });
 */
export function defineSlackFormatter<T extends SlackFormatter>(formatter: T): T {
  return formatter;
}
