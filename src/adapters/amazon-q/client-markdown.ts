/**
 * Block Kit -> the markdown of Amazon Q's custom notifications. `client-markdown` is handed to the chat client as it
 * is, so Slack's own mrkdwn (and its `&amp; &lt; &gt;` escapes) stays; plain text is escaped to it.
 */

export type Markdown = {
  readonly title: string | null;
  readonly lines: readonly string[];
  readonly links: readonly string[];
};

type Json = Readonly<Record<string, unknown>>;

/** The first header becomes the title, buttons that are links become links, other buttons have no place here. */
export function markdownOf(blocks: readonly unknown[]): Markdown {
  let title: string | null = null;
  const lines: string[] = [];
  const links: string[] = [];
  for (const block of blocks) {
    if (!isObject(block)) continue;
    const text = textOf(block['text']);
    switch (block['type']) {
      case 'header':
        if (title === null) title = text;
        else if (text !== null) lines.push(text);
        break;
      case 'section':
        lines.push(...[text, ...listOf(block, 'fields').map(textOf)].filter((line) => line !== null));
        break;
      case 'context':
        lines.push(
          listOf(block, 'elements')
            .map(textOf)
            .filter((part) => part !== null)
            .join('  '),
        );
        break;
      case 'image':
        lines.push(escapedPlainText(String(block['alt_text'] ?? '')));
        break;
      case 'actions':
        links.push(
          ...listOf(block, 'elements')
            .map(linkOf)
            .filter((link) => link !== null),
        );
        break;
      default:
        break;
    }
  }
  return { title, lines: lines.filter((line) => line !== ''), links };
}

/** Plain text as mrkdwn that shows the same: no link, no mention, no bold. */
export function escapedPlainText(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // mrkdwn has no escape for these; the look-alikes keep the words readable.
      .replaceAll('*', '∗')
      .replaceAll('`', 'ˋ')
      .replaceAll('~', '∼')
      // "@Amazon Q …" is how people command the bot that will show this text.
      .replaceAll('@', '@\u200b')
  );
}

/** mrkdwn of a formatter without what only a real Slack app should say: mentions become words, dates their fallback. */
export function withoutMentions(mrkdwn: string): string {
  return mrkdwn
    .replace(/<!date\^[^|>]*\|([^<>|]*)>/g, '$1')
    .replace(/<!([a-z]+)(?:\^[^|>]*)?(?:\|([^<>|]*))?>/g, (_, word: string, label: string | undefined) => label ?? word)
    .replace(/<[@#]([A-Z0-9]+)(?:\|([^<>|]*))?>/g, (_, id: string, label: string | undefined) => label ?? id);
}

function textOf(text: unknown): string | null {
  if (!isObject(text) || typeof text['text'] !== 'string') return null;
  return text['type'] === 'mrkdwn' ? withoutMentions(text['text']) : escapedPlainText(decoded(text['text']));
}

/** Plain text of our blocks carries Slack's three entities already. */
function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function linkOf(element: unknown): string | null {
  if (!isObject(element) || typeof element['url'] !== 'string') return null;
  const url = URL.parse(element['url']);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const label = textOf(element['text']) ?? url.hostname;
  return `<${url.href.replace(/[<>|]/g, encodeURIComponent)}|${label.replaceAll('|', '¦')}>`;
}

function listOf(block: Json, key: string): readonly unknown[] {
  const list = block[key];
  return Array.isArray(list) ? list : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
