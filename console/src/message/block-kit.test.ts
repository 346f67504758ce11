import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBlocks } from './block-kit.ts';

const FORMATTERS = join(import.meta.dirname, '../../../src/formatters');

describe('readBlocks', () => {
  it('reads the blocks our messages are made of', () => {
    const blocks = readBlocks(
      [
        { type: 'header', text: { type: 'plain_text', text: 'A &amp; B' } },
        { type: 'section', text: { type: 'mrkdwn', text: '*x*' }, fields: [{ type: 'mrkdwn', text: 'f' }] },
        {
          type: 'context',
          elements: [
            { type: 'mrkdwn', text: 'c' },
            { type: 'image', image_url: 'https://example.com/i.png', alt_text: 'picture' },
          ],
        },
        { type: 'divider' },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'yagura.why',
              text: { type: 'plain_text', text: 'Why' },
              value: 'key',
              style: 'primary',
            },
          ],
        },
      ],
      'text',
    );

    expect(blocks).toEqual([
      { kind: 'header', text: 'A & B' },
      {
        kind: 'section',
        text: { kind: 'mrkdwn', text: '*x*' },
        fields: [{ kind: 'mrkdwn', text: 'f' }],
        accessory: undefined,
      },
      {
        kind: 'context',
        elements: [
          { kind: 'mrkdwn', text: 'c' },
          { kind: 'plain', text: 'picture' },
        ],
      },
      { kind: 'divider' },
      {
        kind: 'actions',
        buttons: [{ actionId: 'yagura.why', text: 'Why', value: 'key', style: 'primary', href: undefined }],
      },
    ]);
  });

  it('shows the text of a message without blocks', () => {
    expect(readBlocks([], 'only text')).toEqual([
      { kind: 'section', text: { kind: 'mrkdwn', text: 'only text' }, fields: [], accessory: undefined },
    ]);
  });

  it('names a block it cannot draw', () => {
    expect(readBlocks([{ type: 'video' }], '')).toEqual([{ kind: 'unknown', type: 'video' }]);
  });

  it('gives a button no address that runs a script', () => {
    const [block] = readBlocks(
      [
        {
          type: 'actions',
          elements: [{ type: 'button', text: { type: 'plain_text', text: 'x' }, url: 'javascript:alert(1)' }],
        },
      ],
      '',
    );

    expect(block).toMatchObject({ buttons: [{ href: undefined }] });
  });

  it('never throws, whatever was stored', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (blocks) => {
        expect(readBlocks(blocks, '').length).toBeGreaterThan(0);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it.skipIf(!existsSync(FORMATTERS))('can draw every block of every golden message', () => {
    const unknown = globSync('**/*.golden.json', { cwd: FORMATTERS }).flatMap((name) => {
      const golden: unknown = JSON.parse(readFileSync(join(FORMATTERS, name), 'utf8'));
      return blocksWithin(golden)
        .flatMap((blocks) => readBlocks(blocks, ''))
        .filter((block) => block.kind === 'unknown')
        .map((block) => `${name}: ${block.type}`);
    });

    expect(unknown).toEqual([]);
  });
});

/** Every array called `blocks`, however deep it lies. */
function blocksWithin(value: unknown): unknown[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'blocks' && Array.isArray(child) ? [child] : blocksWithin(child),
  );
}
