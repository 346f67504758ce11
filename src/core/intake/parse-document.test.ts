import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText, parseDocument } from './parse-document.ts';

function eventsOf(text: string): unknown[] {
  return parseDocument(text).events.map(({ event }) => event);
}

describe('a document of events', () => {
  it('is one envelope, an array or JSON lines, with and without a byte order mark and blank lines', () => {
    const envelope = '{"id":"a",\n "detail":{}}';

    expect(eventsOf(envelope)).toEqual([{ id: 'a', detail: {} }]);
    expect(eventsOf(`\uFEFF[${envelope}, 7, null]`)).toEqual([{ id: 'a', detail: {} }, 7, null]);
    expect(eventsOf('{"id":1}\r\n\r\n{"id":2}\n')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(eventsOf('[]')).toEqual([]);
  });

  it('keeps the text of each event', () => {
    const texts = parseDocument('{"id": 1}\n{"id":2}').events.map(({ raw }) => JSON.parse(raw) as unknown);

    expect(texts).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('is broken JSON lines when the first line is broken, and one broken document when no line is an object', () => {
    expect(eventsOf('{"id":\n{"id":2}')).toEqual([{ id: 2 }]);
    expect(parseDocument('{\n"a": [\n1,\n2\n]\n"b": 1}')).toEqual({
      events: [],
      errors: [{ position: 'line 6, column 1', detail: expect.any(String) }],
    });
  });

  it('costs a broken line only itself, and names its place', () => {
    const parsed = parseDocument('{"id":1}\n{"id":\n{"id":3}\nnot json\n{"id":5}');

    expect(parsed.events.map(({ event }) => event)).toEqual([{ id: 1 }, { id: 3 }, { id: 5 }]);
    expect(parsed.errors.map(({ position }) => position)).toEqual(['line 2, column 7', 'line 4, column 2']);
  });

  it.each([
    ['', 'line 1, column 1'],
    [' \n ', 'line 1, column 1'],
    ['xyz', 'line 1, column 1'],
    ['[1,\n 2,\n x]', 'line 3, column 2'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{"a":\n tru}', 'line 2, column 5'],
    ['{"a":\n "b', 'line 2, column 4'],
    ['[1,2', 'line 1, column 5'],
    ['[{"id":1},\n{"id":2}', 'line 2, column 9'],
    ['\u0000', 'line 1, column 1'],
  ])('that is %j breaks at %s', (text, position) => {
    const { events, errors } = parseDocument(text);

    expect(events).toEqual([]);
    expect(errors).toEqual([{ position, detail: expect.stringMatching(/^(not JSON: |the document is empty)/) }]);
  });

  it('says nothing of what it holds but where it breaks', () => {
    const { errors } = parseDocument(`{"token":"s3cret-value-of-somebody", "x": oops}`);

    expect(JSON.stringify(errors)).not.toContain('s3cret');
  });

  it('holds every line or says where it does not, whatever the lines', () => {
    const line = fc.oneof(
      fc.json(),
      fc.string().map((text) => text.replaceAll(/[\n\r]/g, ' ')),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 8 }), (lines) => {
        const written = lines.filter((text) => text.trim() !== '');

        const { events, errors } = parseDocument(lines.join('\n'));

        // Lines that together are one value are one document.
        if (isLines(lines)) expect(events.length + errors.length).toBe(written.length);
        expect(events.every(({ raw }) => isJson(raw))).toBe(true);
      }),
    );
  });

  it('tells many broken lines by their number, and more of them together, so that the sum stays right', () => {
    const broken = (count: number) => '{"a":\n'.repeat(count);

    const some = parseDocument(`{"first":1}\n${broken(101)}`).errors;
    const many = parseDocument(`{"first":1}\n${broken(10_002)}{"last":2}`);

    expect(some).toHaveLength(101);
    expect(some[99]).toEqual({
      position: 'line 101, column 6',
      detail: expect.stringContaining('not JSON: ') as string,
    });
    expect(some[100]).toEqual({ position: 'line 102', detail: 'not JSON' });
    expect(many.events).toHaveLength(2);
    expect(many.errors).toHaveLength(10_001);
    expect(many.errors.at(-1)).toEqual({ position: 'up to line 10004', detail: 'not JSON: 2 more lines' });
  });

  it('is one broken document when it goes on and on without a good line', () => {
    const { events, errors } = parseDocument('secret words\n'.repeat(20_000));

    expect({ events, errors: errors.length }).toEqual({ events: [], errors: 1 });
    expect(JSON.stringify(errors)).not.toContain('secret');
  });

  it('may be nested deeper than JSON can be written', () => {
    const deep = `[${'['.repeat(20_000)}${']'.repeat(20_000)},{"id":2}]`;

    const { events, errors } = parseDocument(deep);

    expect(errors).toEqual([]);
    expect(events).toHaveLength(2);
    expect(events.every(({ raw }) => isJson(raw))).toBe(true);
  });
});

describe('the text of a value', () => {
  it('is always JSON', () => {
    expect([undefined, () => 1, 1n, { a: 1 }].map((value) => isJson(jsonText(value)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});

function isLines(lines: readonly string[]): boolean {
  const first = lines.find((text) => text.trim() !== '')?.trimStart() ?? '';
  const isArray = first.startsWith('[') && !isJson(first);
  return !isJson(lines.join('\n')) && !isArray && lines.some((text) => isJson(text.trim()) && /^\s*[[{]/.test(text));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
