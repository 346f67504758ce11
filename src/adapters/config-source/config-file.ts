import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { configText, MOST_CONFIG_BYTES, tooLarge } from './config-text.ts';

/** Reads a configuration file; a relative path starts where the program was started. */
export async function readConfigFile(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    const { size } = await stat(absolute);
    if (size > MOST_CONFIG_BYTES) throw tooLarge(absolute, size);
    return configText(await readFile(absolute), absolute);
  } catch (thrown) {
    if (thrown instanceof YaguraError) throw thrown;
    throw new YaguraError('config.unreadable', `Cannot read ${absolute}: ${reasonOf(thrown)}`, { cause: thrown });
  }
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'there is no such file. Name another with --config FILE.';
    case 'EISDIR':
      return 'it is a folder, not a file.';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it.';
    default:
      return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
