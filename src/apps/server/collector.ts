import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { plain, type Terminal } from '#apps/cli/output.ts';

const main = resolve(import.meta.dirname, '../cli/main.ts');
/** What takes longer to end is killed; the lake survives that at any moment. */
const patienceMs = 8_000;

/**
 * Starts the collector of logs as a process of its own: mapping takes all of a processor for a while, and the memory that
 * goes with it, and neither belongs to the one that answers the console.
 */
export function startCollector(
  dataDir: string,
  sampleEnd: number | undefined,
  terminal: Terminal,
): { stop(): Promise<void> } {
  const sample = sampleEnd === undefined ? [] : ['--sample-end', String(sampleEnd)];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, 'lake', 'collect', '--data', dataDir, ...sample],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...terminal.env } },
  );
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    if (/"level":"(?:error|warn|fatal)"|^yagura: /m.test(text)) terminal.err(`${plain(text.trim())}\n`);
  });
  const ended = once(child, 'exit');
  return {
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
