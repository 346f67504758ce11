import type { DigestInput, MessageInput, SlackMessage } from '#core/notification/message.ts';

/** Turns problems into messages; implemented over the registry of formatters. */
export interface Renderer {
  /** The message of a post or update, or the closing one when `action` is `resolve`. */
  message(input: MessageInput): SlackMessage;
  /** One or more digests that together hold every entry, in order. */
  digests(
    input: Omit<DigestInput, 'part' | 'parts'>,
  ): readonly { message: SlackMessage; entries: DigestInput['entries'] }[];
  /** The short answer in a thread when a problem changed or ended. */
  reply(input: MessageInput): SlackMessage;
}
