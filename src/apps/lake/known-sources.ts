import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { readMapping } from '#core/lake/generic/mapping-source.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { logSources } from '#generated/sources.ts';

/** Our own sources, and those of the mapping files in `sources` below the folder of data. Throws where one cannot be used. */
export function knownSources(dataDir: string): readonly MappedSource[] {
  const folder = join(dataDir, 'sources');
  if (!existsSync(folder)) return logSources;
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted();
  return [...logSources, ...files.map((name) => mappingFile(join(folder, name)))];
}

/** The source of one mapping file. Throws `config.invalid` with everything that is wrong with it. */
export function mappingFile(path: string): MappedSource {
  const read = readMapping(readFileSync(path, 'utf8'));
  if (!read.ok)
    throw new YaguraError(
      'config.invalid',
      `${path} cannot be used:\n${read.problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  if (logSources.some(({ id }) => id === read.source.id))
    throw new YaguraError(
      'config.invalid',
      `${path} cannot be used: ${read.source.id} is the id of a source of Yagura's own`,
    );
  return read.source;
}
