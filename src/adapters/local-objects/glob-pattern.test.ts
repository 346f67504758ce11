import { describe, expect, test } from 'vitest';
import { all } from '../../../test/contract/object-store.contract.ts';
import { localPlace } from '../../../test/stand-ins/local-place.ts';

describe('a pattern', () => {
  const files = [
    'a.json.gz',
    'b.log',
    'c1.log',
    'c2.log',
    '決.log',
    'deep/a.log',
    'deep/er/b.json',
    'deep/er/c.log.tmp',
    '.hid/d.log',
    'deep/.e.log',
    '[x].log',
  ];

  test.each<[string, string[]]>([
    ['*.log', ['[x].log', 'b.log', 'c1.log', 'c2.log', '決.log']],
    ['?.log', ['b.log', '決.log']],
    ['c[0-1].log', ['c1.log']],
    ['c[!1].log', ['c2.log']],
    ['c[^1].log', ['c2.log']],
    ['{b,c[12]}.log', ['b.log', 'c1.log', 'c2.log']],
    ['{deep/er,deep}/*.{json,log}', ['deep/a.log', 'deep/er/b.json']],
    ['{b,{c1,x}}.lo{g}', []],
    ['{b,{c1,x}}.log', ['b.log', 'c1.log']],
    ['**/*.log', ['[x].log', 'b.log', 'c1.log', 'c2.log', 'deep/a.log', '決.log']],
    ['**/b.*', ['b.log', 'deep/er/b.json']],
    ['deep/**', ['deep/a.log', 'deep/er/b.json']],
    ['de*', ['deep/a.log', 'deep/er/b.json']],
    ['de*/', ['deep/a.log', 'deep/er/b.json']],
    ['*/er/../*.log', ['deep/a.log']],
    ['.h*/*', ['.hid/d.log']],
    ['deep/er/*.tmp', ['deep/er/c.log.tmp']],
    ['\\[x\\].*', ['[x].log']],
    ['[x].log', ['[x].log']],
    ['[]x[]*', ['[x].log']],
    ['[x', []],
    ['nothing/*.log', []],
    ['b.log/*', []],
    ['{a.json.gz,b.log}', ['a.json.gz', 'b.log']],
    [`${'*a'.repeat(60)}*b*`, []],
  ])('%s lists %j', async (pattern, expected) => {
    const store = await localPlace();
    for (const file of [...files, 'a'.repeat(200)]) await store.put(file);

    expect(await store.names(pattern)).toEqual(expected);
  });

  test('may stand in the path from the root', async () => {
    const store = await localPlace();
    await store.put('deep/a.log');

    expect(await store.names(`${store.folder}/*/a.log`)).toEqual(['deep/a.log']);
  });

  test('with too many alternatives is refused', async () => {
    const store = await localPlace();

    await expect(all(store, '{a,b}'.repeat(20))).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
