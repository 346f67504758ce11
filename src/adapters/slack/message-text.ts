/** chat.update documents 4,000 characters, the strictest of Slack's limits on a message's text. */
const MAX_TEXT_BESIDE_BLOCKS = 4_000;
const MAX_TEXT_ALONE = 40_000;

/** The text to send: beside blocks it is only the notification, so it may be short; alone it is the message. */
export function sendableText(text: string, blocks: readonly unknown[]): string {
  return clipped(text, blocks.length > 0 ? MAX_TEXT_BESIDE_BLOCKS : MAX_TEXT_ALONE);
}

/** Cuts a text to at most `most` UTF-16 units, says how many are missing, and never splits a character. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = most - `… (+${text.length})`.length;
  const cut = /[\ud800-\udbff]$/.test(text.slice(0, room)) ? room - 1 : room;
  return `${text.slice(0, cut)}… (+${text.length - cut})`;
}
