import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChunkProblem, type ChunkSizes, type TextChunk, textChunks } from './text-chunks.ts';

const SMALL: ChunkSizes = { wholeBytes: 20, chunkBytes: 40, recordBytes: 60 };

async function cut(
  content: string | Buffer,
  sizes: ChunkSizes = SMALL,
  partBytes = 7,
): Promise<{ chunks: TextChunk[]; problems: ChunkProblem[] }> {
  const bytes = Buffer.from(content);
  const problems: ChunkProblem[] = [];
  const chunks: TextChunk[] = [];
  for await (const chunk of textChunks(parts(bytes, partBytes), sizes, (problem) => problems.push(problem)))
    chunks.push(chunk);
  return { chunks, problems };
}

async function* parts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  // Copies, because an array is rewritten in place.
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

/** Number and text of every line that is not blank, as a reader of the chunks counts them. */
function numbered(chunks: readonly TextChunk[]): [number, string][] {
  return chunks.flatMap(({ text, first }) =>
    text
      .split('\n')
      .flatMap((line, index): [number, string][] => (line.trim() === '' ? [] : [[first + index, line.trim()]])),
  );
}

describe('a small file', () => {
  test('is handed over whole, whatever it is', async () => {
    expect(await cut('[1,\n2]')).toEqual({ chunks: [{ text: '[1,\n2]', first: 1, unit: 'line' }], problems: [] });
  });

  test('loses its byte order mark', async () => {
    expect((await cut('\uFEFF{}')).chunks).toEqual([{ text: '{}', first: 1, unit: 'line' }]);
  });

  test('of no bytes is still handed over, so that somebody says it is empty', async () => {
    expect((await cut('')).chunks).toEqual([{ text: '', first: 1, unit: 'line' }]);
  });

  test('in UTF-16 is refused with the remedy', async () => {
    expect(await cut(Buffer.from('\uFEFF{"a":1}', 'utf16le'))).toEqual({
      chunks: [],
      problems: [{ position: 'line 1', reason: 'is UTF-16 text; save it as UTF-8' }],
    });
  });

  test('with bytes that are not UTF-8 is handed over, and the line is named', async () => {
    const { chunks, problems } = await cut(Buffer.from([0x61, 0x0a, 0xff, 0x62, 0x0a, 0x63]));

    expect(chunks[0]?.text).toBe('a\n\uFFFDb\nc');
    expect(problems).toEqual([{ position: 'line 2', reason: 'has bytes that are not UTF-8; each was read as \uFFFD' }]);
  });
});

describe('a large file of lines', () => {
  test('gives every line once, with its number, cut only between lines', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => JSON.stringify(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 10, maxLength: 60 }),
        fc.integer({ min: 1, max: 90 }),
        fc.boolean(),
        async (lines, partBytes, ended) => {
          const content = lines.join('\n') + (ended ? '\n' : '');

          const { chunks, problems } = await cut(content, SMALL, partBytes);

          expect(chunks.map((chunk) => chunk.text).join('')).toBe(content);
          expect(numbered(chunks)).toEqual(lines.map((text, index) => [index + 1, text]));
          expect(problems).toEqual([]);
        },
      ),
    );
  });

  test('passes over a line that is no event by its length, and keeps its neighbours and their numbers', async () => {
    for (const partBytes of [1, 7, 50, 1_000]) {
      const { chunks, problems } = await cut(
        `"first"\n"${'x'.repeat(500)}"\n"third"\n"${'y'.repeat(500)}"`,
        SMALL,
        partBytes,
      );

      expect(numbered(chunks)).toEqual([
        [1, '"first"'],
        [3, '"third"'],
      ]);
      expect(problems.map((problem) => problem.position)).toEqual(['line 2', 'line 4']);
    }
  });
});

describe('a large file of one array', () => {
  test('gives every element once as a line of JSON, with its number', async () => {
    const element = fc
      .jsonValue({ maxDepth: 2, noUnicodeString: false, stringUnit: 'binary' })
      .filter((value) => JSON.stringify(value).length < 50);
    await fc.assert(
      fc.asyncProperty(
        fc.array(element, { minLength: 12, maxLength: 40 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom(undefined, 1, '\t'),
        async (elements, partBytes, indent) => {
          const roomy: ChunkSizes = { wholeBytes: 10, chunkBytes: 40, recordBytes: 10_000 };

          const { chunks, problems } = await cut(JSON.stringify(elements, null, indent), roomy, partBytes);

          expect(numbered(chunks).map(([number, text]) => [number, JSON.parse(text)])).toEqual(
            elements.map((value, index) => [index + 1, JSON.parse(JSON.stringify(value))]),
          );
          expect(chunks.every((chunk) => chunk.unit === 'element')).toBe(true);
          expect(problems).toEqual([]);
        },
      ),
    );
  });

  test('is not fooled by brackets, commas and quotes inside texts', async () => {
    const elements = ['],[', '{"a":1},', '\\', '\\"]', '"', '\\\\"],[', 'a\nb'];

    const { chunks } = await cut(`  ${JSON.stringify(elements)}`);

    expect(numbered(chunks).map(([, text]) => JSON.parse(text))).toEqual(elements);
  });

  test('leaves a broken element broken and its neighbours whole', async () => {
    const { chunks } = await cut('[{"a":1}, {"a":"new\nline"}, {"b" 2}, {"c":3}, "and more to be large"]');

    const lines = numbered(chunks);
    expect(lines).toHaveLength(5);
    expect(() => JSON.parse(lines[1]?.[1] ?? '')).toThrow(SyntaxError);
    expect(() => JSON.parse(lines[2]?.[1] ?? '')).toThrow(SyntaxError);
    expect(JSON.parse(lines[3]?.[1] ?? '')).toEqual({ c: 3 });
  });

  test('that was cut off gives what is there and says that the end is missing', async () => {
    const { chunks, problems } = await cut('[{"a":1},{"a":2},{"a":3},{"a":4},{"a":');

    expect(numbered(chunks).slice(0, 4)).toHaveLength(4);
    expect(problems).toEqual([{ position: 'element 5', reason: expect.stringContaining('does not end') }]);
  });

  test('followed by another array gives the elements of both', async () => {
    const { chunks, problems } = await cut('["first array"]\n["second array", 3]');

    expect(numbered(chunks).map(([, text]) => JSON.parse(text))).toEqual(['first array', 'second array', 3]);
    expect(problems).toEqual([]);
  });

  test('followed by something else says so', async () => {
    const { problems } = await cut('["first element", "second element"] oops');

    expect(problems).toEqual([{ position: 'element 2', reason: expect.stringContaining('outside the array') }]);
  });
});

test('ends the reading of its source when its reader stops early', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield Buffer.from('"line"\n');
    } finally {
      ended = true;
    }
  }

  for await (const _chunk of textChunks(source(), SMALL, () => undefined)) break;

  expect(ended).toBe(true);
});
