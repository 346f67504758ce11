import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const WATCHER = pathToFileURL(join(import.meta.dirname, 'watch-inbox.ts')).href;
const SYSTEM = pathToFileURL(join(import.meta.dirname, '..', 'system')).href;

/** A process that watches the inbox with the real clock; `accept` is the body of its accept function. */
function watcher(dir: string, accept: string) {
  const program = `
    import { watchInbox } from '${WATCHER}';
    import { createSystemClock } from '${SYSTEM}/clock.ts';
    import { createSystemSleeper } from '${SYSTEM}/sleeper.ts';
    const log = { info: (fields) => console.log('moved ' + fields.file), warn: () => undefined };
    await watchInbox({ dir: ${JSON.stringify(dir)}, clock: createSystemClock(), sleeper: createSystemSleeper(), pollMs: 10, log,
      signal: new AbortController().signal, accept: async (input) => { ${accept} } });`;
  return spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('a file whose acceptance was killed stays and is accepted by the next process', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'yagura-inbox-kill-'));
  await writeFile(join(dir, 'a.json'), '{}');
  const first = watcher(dir, `console.log('accepting'); await new Promise((resolve) => setTimeout(resolve, 1e9));`);
  await once(first.stdout, 'data');

  first.kill('SIGKILL');
  await once(first, 'exit');
  const afterKill = await readdir(dir);
  const second = watcher(dir, `return { accepted: 1, rejected: [] };`);
  const [said] = await once(second.stdout, 'data');
  second.kill('SIGKILL');
  await once(second, 'exit');

  expect(afterKill).toEqual(['a.json']);
  expect(String(said)).toBe('moved a.json\n');
  expect(await readdir(dir)).toEqual(['done']);
  await rm(dir, { recursive: true });
});
