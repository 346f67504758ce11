import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';

/** Attributes and object keys whose strings people read. */
const READ_BY_PEOPLE =
  /^(text|title|header|headerText|headerDescription|label|description|placeholder|alt|content|info|empty|footer|counter|errorText|constraintText|loadingText|countText|.*(Text|Label|Placeholder|Description))$/;
const HAS_LETTERS = /\p{L}/u;

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  return String(node['name'] ?? node['value'] ?? '');
}

/** Strings and templates with letters outside of their `${}`. */
function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type === 'JSXExpressionContainer') return literalText(node['expression']);
  if (node.type === 'TemplateLiteral') {
    const quasis = node['quasis'];
    return Array.isArray(quasis) ? quasis.map((quasi) => String(quasi?.value?.cooked ?? '')).join('') : undefined;
  }
  return undefined;
}

/** What a reader would see of a node that does not come from the catalog. */
function hardCoded(node: Node): string | undefined {
  if (node.type === 'JSXText') return String(node['value']).trim();
  if (node.type === 'JSXAttribute' && READ_BY_PEOPLE.test(nameOf(node['name']))) return literalText(node['value']);
  if (node.type === 'Property' && READ_BY_PEOPLE.test(nameOf(node['key']))) return literalText(node['value']);
  if (node.type === 'JSXExpressionContainer') return literalText(node['expression']);
  return undefined;
}

function findHardCoded(code: string, file: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown, parent: string): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each, parent);
      return;
    }
    if (!isNode(value)) return;
    const inAttribute = parent === 'JSXAttribute' && value.type === 'JSXExpressionContainer';
    const text = inAttribute ? undefined : hardCoded(value);
    if (text !== undefined && HAS_LETTERS.test(text)) found.push(`${file}: ${text}`);
    for (const [key, child] of Object.entries(value)) if (key !== 'type') visit(child, value.type);
  };
  visit(parseAst(code, { lang: 'tsx' }, file), '');
  return found;
}

describe('texts in components', () => {
  it('all come from the catalog', () => {
    const root = join(import.meta.dirname, '..');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));

    const found = files.flatMap((name) => findHardCoded(readFileSync(join(root, name), 'utf8'), name));

    expect(files.length).toBeGreaterThan(30);
    expect(found).toEqual([]);
  });

  it.each([
    ['text between elements', '<b>Hello</b>'],
    ['a readable attribute', '<Input placeholder="Type here" />'],
    ['a readable attribute in braces', "<Input ariaLabel={'Type here'} />"],
    ['a readable property', "const column = { header: 'Severity' }"],
    ['a template with words', 'const column = { description: `${count} items` }'],
    ['a string in braces between elements', "<b>{'Hello'}</b>"],
  ])('are found when they are %s', (_name, code) => {
    expect(findHardCoded(code, 'example.tsx')).toHaveLength(1);
  });

  it.each([
    ['a variant', '<Box variant="h1" />'],
    ['a sign', '<b>–</b>'],
    ['a text of the catalog', "<b>{t('room.findings')}</b>"],
    ['a number in brackets', 'const header = { counter: `(${count})` }'],
  ])('are not confused with %s', (_name, code) => {
    expect(findHardCoded(code, 'example.tsx')).toEqual([]);
  });
});
