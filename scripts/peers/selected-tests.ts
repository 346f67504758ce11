import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a test file that these vitest arguments select speaks of a peer. Arguments that are not understood select
 * every file: starting a peer for nothing costs seconds, not starting one skips tests.
 */
export function isPeerWanted(name: string, args: readonly string[], root: string): boolean {
  const files = globSync('test/peers/**/*.peer.test.ts', { cwd: root });
  // A word after an option may be its value.
  const words = args.filter((arg, at) => !arg.startsWith('-') && !args[at - 1]?.startsWith('-'));
  const chosen = files.filter((file) => words.some((word) => file.includes(word.replace(/^\.\//, ''))));
  return (chosen.length > 0 ? chosen : files).some((file) =>
    readFileSync(join(root, file), 'utf8').toLowerCase().includes(name.toLowerCase()),
  );
}
