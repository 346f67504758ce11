import { safeHref, unescapeSlack } from './mrkdwn-angle.ts';

export type SlackText = { readonly kind: 'plain' | 'mrkdwn'; readonly text: string };
export type SlackButton = {
  readonly actionId: string;
  readonly text: string;
  readonly value: string;
  readonly style: 'default' | 'primary' | 'danger';
  readonly href: string | undefined;
};
/** The blocks our messages are made of; `unknown` keeps the name of any other so that nothing vanishes silently. */
export type SlackBlock =
  | { readonly kind: 'header'; readonly text: string }
  | {
      readonly kind: 'section';
      readonly text: SlackText | undefined;
      readonly fields: readonly SlackText[];
      readonly accessory: SlackButton | undefined;
    }
  | { readonly kind: 'context'; readonly elements: readonly SlackText[] }
  | { readonly kind: 'actions'; readonly buttons: readonly SlackButton[] }
  | { readonly kind: 'divider' }
  | { readonly kind: 'unknown'; readonly type: string };

// Slack's own limits; a stored message that breaks them would not have been sent.
const MAX_BLOCKS = 50;

/** Reads Block Kit blocks; a message without readable ones is its text. */
export function readBlocks(blocks: readonly unknown[], text: string): SlackBlock[] {
  const read = blocks.slice(0, MAX_BLOCKS).flatMap((block) => (isObject(block) ? [readBlock(block)] : []));
  if (read.length > 0) return read;
  return [{ kind: 'section', text: { kind: 'mrkdwn', text }, fields: [], accessory: undefined }];
}

type Raw = Readonly<Record<string, unknown>>;

function readBlock(block: Raw): SlackBlock {
  const type = String(block['type'] ?? '');
  switch (type) {
    case 'header':
      return { kind: 'header', text: unescapeSlack(readText(block['text'])?.text ?? '') };
    case 'section':
      return {
        kind: 'section',
        text: readText(block['text']),
        fields: listOf(block['fields']).flatMap((field) => readText(field) ?? []),
        accessory: readButton(block['accessory']),
      };
    case 'context':
      return { kind: 'context', elements: listOf(block['elements']).flatMap((element) => readContext(element) ?? []) };
    case 'actions':
      return { kind: 'actions', buttons: listOf(block['elements']).flatMap((element) => readButton(element) ?? []) };
    case 'divider':
      return { kind: 'divider' };
    default:
      return { kind: 'unknown', type };
  }
}

function readText(value: unknown): SlackText | undefined {
  if (!isObject(value) || typeof value['text'] !== 'string') return undefined;
  return { kind: value['type'] === 'plain_text' ? 'plain' : 'mrkdwn', text: value['text'] };
}

/** Images are not fetched from elsewhere; their words are shown. */
function readContext(value: unknown): SlackText | undefined {
  if (isObject(value) && value['type'] === 'image') return { kind: 'plain', text: String(value['alt_text'] ?? '') };
  return readText(value);
}

function readButton(value: unknown): SlackButton | undefined {
  if (!isObject(value) || value['type'] !== 'button') return undefined;
  const style = value['style'];
  return {
    actionId: String(value['action_id'] ?? ''),
    text: unescapeSlack(readText(value['text'])?.text ?? ''),
    value: String(value['value'] ?? ''),
    style: style === 'primary' || style === 'danger' ? style : 'default',
    href: typeof value['url'] === 'string' ? safeHref(value['url']) : undefined,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
