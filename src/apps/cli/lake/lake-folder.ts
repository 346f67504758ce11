import { join, resolve } from 'node:path';
import { openSqliteManifest } from '#adapters/lake-manifest/sqlite-manifest.ts';
import type { Terminal } from '#apps/cli/output.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import type { LakeManifest } from '#ports/lake-manifest.ts';

/** The lake below the folder of data. */
export function lakeRoot(data: string, terminal: Terminal): string {
  return join(resolve(terminal.cwd, data), 'lake');
}

/** The manifest of the lake at this root; it is made where there is none. */
export function openManifest(root: string): LakeManifest {
  return openSqliteManifest(join(root, 'manifest.sqlite'));
}

/** The Region of logs that name none. */
export function homeRegion(terminal: Terminal): string {
  return terminal.env['AWS_REGION'] ?? terminal.env['AWS_DEFAULT_REGION'] ?? 'ap-northeast-1';
}

/** The source with this id. Throws where there is none, naming those that come near. */
export function sourceById(sources: readonly MappedSource[], id: string): MappedSource {
  const found = sources.find((source) => source.id === id);
  if (found !== undefined) return found;
  const near = sources
    .map((source) => source.id)
    .filter((known) => id.split(/[.-]/).some((word) => word.length > 2 && known.includes(word)));
  const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'See: yagura sources list.';
  throw new YaguraError('lake.unrecognised', `There is no log source ${id}. ${hint}`);
}
