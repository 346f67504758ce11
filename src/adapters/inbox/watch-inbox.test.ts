import { appendFile, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { acceptLines, createInboxBench, type InboxBench } from '../../../test/stand-ins/inbox-bench.ts';
import { TEST_EPOCH } from '../../../test/stand-ins/time.ts';
import type { InboxText } from './read-inbox-file.ts';

let bench: InboxBench;

beforeEach(async () => {
  bench = await createInboxBench();
});
afterEach(async () => {
  await bench.remove();
});

describe('a good file', () => {
  test.each(['a.json', 'a.JSONL', 'a.ndjson', '決済 1.json'])(
    '%s is handed over with its name and then lies in done/ of that day',
    async (name) => {
      const taken: InboxText[] = [];
      await bench.put(name, '{"a":1}\n{"a":2}\n');

      await bench.looks(2, acceptLines(taken));

      expect(taken).toEqual([{ path: join(bench.dir, name), name, text: '{"a":1}\n{"a":2}\n' }]);
      expect(await bench.tree()).toEqual([`done/2026-01-05/${name}`]);
      expect(bench.logged).toEqual([expect.stringContaining('"accepted":2')]);
    },
  );

  test('is taken at the second look only, because the first cannot tell whether it is complete', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.json', '{}');

    await bench.looks(1, acceptLines(taken));

    expect(taken).toEqual([]);
    expect(await bench.tree()).toEqual(['a.json']);
  });

  test('is waited for while it grows', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.jsonl', '{"a":1}\n');

    await bench.looks(5, acceptLines(taken), {}, async (look) => {
      if (look <= 2) await appendFile(join(bench.dir, 'a.jsonl'), `{"look":${look}}\n`);
    });

    expect(taken.map((input) => input.text)).toEqual(['{"a":1}\n{"look":1}\n{"look":2}\n']);
  });

  test('is read again when somebody wrote on while it was accepted', async () => {
    const taken: InboxText[] = [];
    const accept = acceptLines(taken);
    await bench.put('a.jsonl', 'one\n');

    await bench.looks(4, async (input) => {
      if (taken.length === 0) await appendFile(input.path, 'two\n');
      return accept(input);
    });

    expect(taken.map((input) => input.text)).toEqual(['one\n', 'one\ntwo\n']);
    expect(await bench.tree()).toEqual(['done/2026-01-05/a.jsonl']);
  });

  test('does not replace an earlier one of the same name', async () => {
    for (const text of ['first', 'second', 'third']) {
      await bench.put('a.json.gz', gzipSync(text));
      await bench.looks(2, acceptLines());
    }

    expect(await bench.tree()).toEqual([
      'done/2026-01-05/a.2.json.gz',
      'done/2026-01-05/a.3.json.gz',
      'done/2026-01-05/a.json.gz',
    ]);
  });

  test('of an extremely long name is put away too', async () => {
    await bench.put(`${'x'.repeat(249)}.json`, 'bad');

    await bench.looks(2, acceptLines());

    expect(await bench.tree()).toEqual([
      expect.stringMatching(/^failed\/x{40}-[0-9a-f]{12}\.json$/),
      expect.stringMatching(/\.json\.reason\.txt$/),
    ]);
  });

  test('is taken before a newer one', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.json', '');
    await bench.put('b.json', '');
    await utimes(join(bench.dir, 'a.json'), 2_000, 2_000);
    await utimes(join(bench.dir, 'b.json'), 1_000, 1_000);

    await bench.looks(70, acceptLines(taken));

    expect(taken.map((input) => input.name)).toEqual(['b.json', 'a.json']);
  });
});

describe('an empty file', () => {
  test('is waited for, because its writer has perhaps just begun', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.json', '');

    await bench.looks(50, acceptLines(taken), {}, async (look) => {
      if (look === 30) await bench.put('a.json', 'late');
    });

    expect(taken.map((input) => input.text)).toEqual(['late']);
  });
});

describe('a file with bad parts', () => {
  test('has its good parts accepted and lies in failed/ with the reasons', async () => {
    await bench.put('a.jsonl', 'good\nbad\ngood\nbad\n');

    await bench.looks(2, acceptLines());

    expect(await bench.tree()).toEqual(['failed/a.jsonl', 'failed/a.jsonl.reason.txt']);
    expect(await readFile(join(bench.dir, 'failed/a.jsonl.reason.txt'), 'utf8')).toBe(
      'a.jsonl: 2 accepted, 2 rejected.\nWhat was accepted need not be sent again (sending it again is harmless). Correct the rest and put the file back into the inbox.\n\n' +
        'line 2, column 1: not JSON\nline 4, column 1: not JSON\n',
    );
  });

  test('keeps an earlier one of the same name, with its own reason', async () => {
    for (const text of ['bad', 'good\nbad']) {
      await bench.put('a.json', text);
      await bench.looks(2, acceptLines());
    }

    expect(await bench.tree()).toEqual([
      'failed/a.2.json',
      'failed/a.2.json.reason.txt',
      'failed/a.json',
      'failed/a.json.reason.txt',
    ]);
    expect(await readFile(join(bench.dir, 'failed/a.2.json.reason.txt'), 'utf8')).toContain('line 2, column 1');
  });

  test('shows a bounded number of reasons, counts all, and lets none of them speak to a terminal', async () => {
    await bench.put('a.json', 'x');
    const rejected = Array.from({ length: 2_500 }, (_empty, index) => ({
      position: `line ${index + 1}`,
      reason: '\u001b[31mred\u202e\nforged: line',
    }));

    await bench.looks(2, async () => ({ accepted: 0, rejected }));

    const text = await readFile(join(bench.dir, 'failed/a.json.reason.txt'), 'utf8');
    expect(text).toContain('0 accepted, 2500 rejected.');
    expect(text).toContain('… and 1500 more (the first 1000 are shown)');
    expect(text.split('\n')).toHaveLength(3 + 1_000 + 2);
    expect(text).not.toMatch(/[\p{Cf}]|\p{Cc}(?<!\n)/u);
  });

  test('counts its lines over all texts it is cut into', async () => {
    const lines = Array.from({ length: 300_000 }, (_empty, index) =>
      index === 250_000 ? 'bad' : `{"padding":"${'x'.repeat(60)}","n":${index}}`,
    );
    await bench.put('a.jsonl', lines.join('\n'));
    const taken: InboxText[] = [];

    await bench.looks(2, acceptLines(taken));

    expect(taken.length).toBeGreaterThan(2);
    expect(await readFile(join(bench.dir, 'failed/a.jsonl.reason.txt'), 'utf8')).toMatch(
      /^a\.jsonl: 299999 accepted, 1 rejected\.[\s\S]*\nline 250001, column 1: not JSON\n$/,
    );
  });
});

describe('when events cannot be accepted', () => {
  const storeDown = new YaguraError('store.unavailable', 'disk full', { retryable: true });

  test('files stay, the tries become rarer, and all is accepted afterwards', async () => {
    const triedAt: number[] = [];
    let down = true;
    await bench.put('a.json', 'one');
    await bench.put('b.json', 'two');

    await bench.looks(200, async () => {
      triedAt.push(bench.clock.now());
      if (bench.clock.now() > TEST_EPOCH + 100_000) down = false;
      if (down) throw storeDown;
      return { accepted: 1, rejected: [] };
    });

    expect(triedAt.length).toBeGreaterThan(6);
    expect(triedAt.length).toBeLessThan(40);
    expect(await bench.tree()).toEqual(['done/2026-01-05/a.json', 'done/2026-01-05/b.json']);
  });

  test('the next file is not tried in the same look, because it would only meet the same', async () => {
    const tried: string[] = [];
    await bench.put('a.json', 'one');
    await bench.put('b.json', 'two');

    await bench.looks(2, async ({ name }) => {
      tried.push(name);
      throw storeDown;
    });

    expect(tried).toHaveLength(1);
  });

  test('a file that makes the reader itself fail is put aside after some tries, and others go their way', async () => {
    await bench.put('a.json', 'poison');
    await bench.put('b.json', 'fine');
    let tries = 0;

    await bench.looks(60, async ({ text }) => {
      if (text === 'fine') return { accepted: 1, rejected: [] };
      tries += 1;
      throw new TypeError('a bug');
    });

    expect(tries).toBe(5);
    expect(await bench.tree()).toEqual(['done/2026-01-05/b.json', 'failed/a.json', 'failed/a.json.reason.txt']);
    expect(await readFile(join(bench.dir, 'failed/a.json.reason.txt'), 'utf8')).toContain(
      'could not be read in 5 tries: a bug',
    );
  });

  test('a file that cannot be moved away is not accepted again, and moves when it can', async () => {
    const taken: InboxText[] = [];
    await bench.put('a.json', 'one');
    await writeFile(join(bench.dir, 'done'), 'in the way');

    await bench.looks(60, acceptLines(taken), {}, async (look) => {
      if (look === 20) await rm(join(bench.dir, 'done'));
    });

    expect(taken).toHaveLength(1);
    expect(await bench.tree()).toEqual(['done/2026-01-05/a.json']);
    expect(bench.logged[0]).toContain('cannot be moved away');
  });
});

describe('stopping', () => {
  test('in the middle of a large file leaves it in the inbox', async () => {
    await bench.put('a.jsonl', 'x'.repeat(99).concat('\n').repeat(200_000));
    const controller = new AbortController();
    let texts = 0;

    await bench.looks(
      2,
      async () => {
        texts += 1;
        controller.abort();
        return { accepted: 1, rejected: [] };
      },
      { signal: controller.signal },
    );

    expect(texts).toBe(1);
    expect(await bench.tree()).toEqual(['a.jsonl']);
  });
});

test('an inbox that cannot be made is said by its path', async () => {
  await bench.put('file', 'x');

  await expect(bench.looks(1, acceptLines(), { dir: join(bench.dir, 'file', 'inbox') })).rejects.toMatchObject({
    code: 'input.unreadable',
    message: expect.stringContaining(join(bench.dir, 'file', 'inbox')),
  });
});

test('an inbox that vanishes for a while is said once and watched again', async () => {
  const inbox = join(bench.dir, 'inbox');

  await bench.looks(8, acceptLines(), { dir: inbox }, async (look) => {
    if (look === 1) await rm(inbox, { recursive: true });
    if (look === 4) {
      await mkdir(inbox);
      await bench.put('inbox/a.json', 'one');
    }
  });

  expect(await bench.tree()).toEqual(['inbox/done/2026-01-05/a.json']);
  expect(bench.logged.filter((line) => line.includes('cannot look into the inbox'))).toHaveLength(1);
});
