/**
 * Removes buttons that would need an answer from us. An incoming webhook may belong to another app, or to none that
 * listens; a person who presses such a button sees an error. Buttons that are links stay.
 */
export function withoutDeadButtons(blocks: readonly unknown[]): readonly unknown[] {
  return blocks.flatMap((block) => {
    if (!isActions(block)) return [block];
    const elements = block.elements.filter((element) => isObject(element) && typeof element['url'] === 'string');
    return elements.length === 0 ? [] : [{ ...block, elements }];
  });
}

type ActionsBlock = { readonly type: 'actions'; readonly elements: readonly unknown[] };

function isActions(block: unknown): block is ActionsBlock {
  return isObject(block) && block['type'] === 'actions' && Array.isArray(block['elements']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
