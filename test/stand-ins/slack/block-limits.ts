/** Slack's documented Block Kit limits, checked as Slack checks them: `[ERROR] what [json-pointer:/where]`. */

type Json = Readonly<Record<string, unknown>>;
type Complaint = (what: string, pointer: string) => void;
type Element = { readonly value: Json; readonly pointer: string };

/**
 * Measured by others, not documented: one block may fill 13,297 characters, every further block costs about 125 of them
 * (https://github.com/slackapi/bolt-js/issues/2509; a message of 11,341 characters in many blocks is refused in issue 2867).
 */
const MAX_CHARACTERS_OF_ALL_BLOCKS = 13_297;
const CHARACTERS_PER_FURTHER_BLOCK = 125;
const MAX_ID = 255;

export type BlockCheck = {
  readonly error: 'invalid_blocks' | 'msg_blocks_too_long' | null;
  readonly messages: readonly string[];
};

/** Checks the blocks of a message (`surface` "message", at most 50) or of a modal ("modal", at most 100). */
export function checkBlocks(blocks: unknown, surface: 'message' | 'modal'): BlockCheck {
  const messages: string[] = [];
  const complain: Complaint = (what, pointer) => messages.push(`[ERROR] ${what} [json-pointer:${pointer}]`);
  if (!Array.isArray(blocks)) {
    complain('must be an array', '/blocks');
    return { error: 'invalid_blocks', messages };
  }
  const most = surface === 'message' ? 50 : 100;
  if (blocks.length > most) complain(`no more than ${most} items allowed`, '/blocks');
  const ids = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    const pointer = `/blocks/${index}`;
    if (!isObject(block)) {
      complain('must be an object', pointer);
      continue;
    }
    checkBlockId(block, pointer, ids, complain);
    checkBlock({ value: block, pointer }, surface, complain);
  }
  if (messages.length > 0) return { error: 'invalid_blocks', messages };
  if (surface === 'message' && weightOf(blocks) > MAX_CHARACTERS_OF_ALL_BLOCKS) {
    return { error: 'msg_blocks_too_long', messages };
  }
  return { error: null, messages };
}

function checkBlockId(block: Json, pointer: string, seen: Set<string>, complain: Complaint): void {
  const id = block['block_id'];
  if (id === undefined) return;
  if (typeof id !== 'string') return complain('must be a string', `${pointer}/block_id`);
  if (id.length > MAX_ID) complain(`must be less than ${MAX_ID + 1} characters`, `${pointer}/block_id`);
  if (seen.has(id)) complain(`\`block_id\` must be unique: ${id}`, `${pointer}/block_id`);
  seen.add(id);
}

function checkBlock(block: Element, surface: 'message' | 'modal', complain: Complaint): void {
  const { value, pointer } = block;
  switch (value['type']) {
    case 'section':
      return checkSection(block, complain);
    case 'header':
      return checkText(value['text'], `${pointer}/text`, 150, complain, 'plain_text');
    case 'context':
      return checkContext(block, complain);
    case 'actions':
      return checkActions(block, complain);
    case 'image':
      return checkImage(block, complain);
    case 'divider':
      return;
    case 'input':
      if (surface === 'message') return complain('unsupported type: input', pointer);
      return checkInput(block, complain);
    default:
      return complain(`unsupported type: ${String(value['type'])}`, pointer);
  }
}

function checkSection({ value, pointer }: Element, complain: Complaint): void {
  const { text, fields, accessory } = value;
  if (text === undefined && fields === undefined) complain('must define `text` or `fields`', pointer);
  if (text !== undefined) checkText(text, `${pointer}/text`, 3_000, complain);
  if (fields !== undefined) {
    if (!Array.isArray(fields) || fields.length === 0) complain('must have at least 1 item', `${pointer}/fields`);
    else {
      if (fields.length > 10) complain('no more than 10 items allowed', `${pointer}/fields`);
      for (const [index, field] of fields.entries()) checkText(field, `${pointer}/fields/${index}`, 2_000, complain);
    }
  }
  if (accessory !== undefined) checkElement(accessory, `${pointer}/accessory`, complain);
}

function checkContext({ value, pointer }: Element, complain: Complaint): void {
  const elements = listOf(value, 'elements', 10, pointer, complain);
  for (const [index, element] of elements.entries()) {
    const at = `${pointer}/elements/${index}`;
    if (isObject(element) && element['type'] === 'image') checkImage({ value: element, pointer: at }, complain);
    else checkText(element, at, 3_000, complain);
  }
}

function checkActions({ value, pointer }: Element, complain: Complaint): void {
  const ids = new Set<unknown>();
  for (const [index, element] of listOf(value, 'elements', 25, pointer, complain).entries()) {
    const at = `${pointer}/elements/${index}`;
    checkElement(element, at, complain);
    const id = isObject(element) ? element['action_id'] : undefined;
    if (id !== undefined && ids.has(id)) complain(`\`action_id\` must be unique: ${String(id)}`, `${at}/action_id`);
    ids.add(id);
  }
}

function checkImage({ value, pointer }: Element, complain: Complaint): void {
  checkString(value['image_url'], `${pointer}/image_url`, 3_000, complain);
  checkString(value['alt_text'], `${pointer}/alt_text`, 2_000, complain);
}

function checkInput({ value, pointer }: Element, complain: Complaint): void {
  checkText(value['label'], `${pointer}/label`, 2_000, complain, 'plain_text');
  if (value['hint'] !== undefined) checkText(value['hint'], `${pointer}/hint`, 2_000, complain, 'plain_text');
  checkElement(value['element'], `${pointer}/element`, complain);
}

function checkElement(element: unknown, pointer: string, complain: Complaint): void {
  if (!isObject(element)) return complain('must be an object', pointer);
  if (element['action_id'] !== undefined) checkString(element['action_id'], `${pointer}/action_id`, MAX_ID, complain);
  switch (element['type']) {
    case 'button':
      return checkButton({ value: element, pointer }, complain);
    case 'static_select':
      return checkSelect({ value: element, pointer }, complain);
    case 'plain_text_input':
      return checkTextInput({ value: element, pointer }, complain);
    case 'image':
      return checkImage({ value: element, pointer }, complain);
    default:
      return complain(`unsupported type: ${String(element['type'])}`, pointer);
  }
}

function checkButton({ value, pointer }: Element, complain: Complaint): void {
  checkText(value['text'], `${pointer}/text`, 75, complain, 'plain_text');
  if (value['value'] !== undefined) checkString(value['value'], `${pointer}/value`, 2_000, complain);
  if (value['url'] !== undefined) checkString(value['url'], `${pointer}/url`, 3_000, complain);
  const style = value['style'];
  if (style !== undefined && style !== 'primary' && style !== 'danger') {
    complain('must be one of `primary`, `danger`', `${pointer}/style`);
  }
}

function checkSelect({ value, pointer }: Element, complain: Complaint): void {
  if (value['placeholder'] !== undefined) {
    checkText(value['placeholder'], `${pointer}/placeholder`, 150, complain, 'plain_text');
  }
  const options = listOf(value, 'options', 100, pointer, complain);
  for (const [index, option] of options.entries()) checkOption(option, `${pointer}/options/${index}`, complain);
  const initial = value['initial_option'];
  if (initial === undefined) return;
  checkOption(initial, `${pointer}/initial_option`, complain);
  if (!options.some((option) => JSON.stringify(option) === JSON.stringify(initial))) {
    complain('must be one of the provided options', `${pointer}/initial_option`);
  }
}

function checkOption(option: unknown, pointer: string, complain: Complaint): void {
  if (!isObject(option)) return complain('must be an object', pointer);
  checkText(option['text'], `${pointer}/text`, 75, complain);
  checkString(option['value'], `${pointer}/value`, 150, complain);
}

function checkTextInput({ value, pointer }: Element, complain: Complaint): void {
  for (const key of ['min_length', 'max_length']) {
    const length = value[key];
    if (length !== undefined && (typeof length !== 'number' || length < 0 || length > 3_000)) {
      complain('must be between 0 and 3000', `${pointer}/${key}`);
    }
  }
  if (value['placeholder'] !== undefined) {
    checkText(value['placeholder'], `${pointer}/placeholder`, 150, complain, 'plain_text');
  }
}

/** Checks a text object. */
export function checkText(
  text: unknown,
  pointer: string,
  most: number,
  complain: Complaint,
  only?: 'plain_text',
): void {
  if (!isObject(text)) return complain('missing required field: text', pointer);
  const type = text['type'];
  if (type !== 'plain_text' && type !== 'mrkdwn')
    return complain(`unsupported type: ${String(type)}`, `${pointer}/type`);
  if (only !== undefined && type !== only) complain(`must be ${only}`, `${pointer}/type`);
  if (type === 'mrkdwn' && text['emoji'] !== undefined) complain('invalid additional property: emoji', pointer);
  checkString(text['text'], `${pointer}/text`, most, complain);
}

function checkString(value: unknown, pointer: string, most: number, complain: Complaint): void {
  if (typeof value !== 'string') return complain('must be a string', pointer);
  if (value.length === 0) complain('must be more than 0 characters', pointer);
  if (value.length > most) complain(`must be less than ${most + 1} characters`, pointer);
}

function listOf(value: Json, key: string, most: number, pointer: string, complain: Complaint): readonly unknown[] {
  const list = value[key];
  if (!Array.isArray(list) || list.length === 0) {
    complain('must have at least 1 item', `${pointer}/${key}`);
    return [];
  }
  if (list.length > most) complain(`no more than ${most} items allowed`, `${pointer}/${key}`);
  return list;
}

/** What Slack counts against its limit for a whole message. */
export function weightOf(blocks: readonly unknown[]): number {
  return charactersIn(blocks) + CHARACTERS_PER_FURTHER_BLOCK * Math.max(0, blocks.length - 1);
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersIn(item), 0);
  if (!isObject(value)) return 0;
  let sum = 0;
  for (const [key, child] of Object.entries(value)) {
    sum += key === 'text' && typeof child === 'string' ? child.length : charactersIn(child);
  }
  return sum;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
