import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogSource } from '#core/lake/source/log-source.ts';
import { recogniseSource, sampleOf } from '#core/lake/source/recognise.ts';
import { logSources } from '#generated/sources.ts';

const folder = resolve(import.meta.dirname, '../../src/sources');
const sources: readonly LogSource[] = logSources;

const fixtures = sources.flatMap((source) => {
  const path = join(folder, source.id.replaceAll('.', '-'), 'fixtures');
  return (
    readdirSync(path)
      .filter((name) => name.includes('.input.'))
      // What is broken, empty or only a header shows nothing of its source; Parquet shows its columns to DuckDB alone.
      .filter((name) => !/broken|empty|header-only|\.parquet$/.test(name))
      .map((name) => ({ source, name, content: readFileSync(join(path, name)) }))
  );
});

describe('recognising the source of an object', () => {
  it.each(fixtures.map((found) => [found.source.id, found.name, found] as const))(
    'knows %s by the content of %s',
    (id, name, found) => {
      const recognised = recogniseSource(sources, sampleOf(`/some/folder/${name}`, found.content));

      expect(recognised.ok ? recognised.source.id : recognised.nearest.map((source) => source.id)).toEqual(id);
    },
  );

  it('names sources that come near where the content tells nothing', () => {
    const key = 'AWSLogs/111122223333/vpcflowlogs/ap-northeast-1/2026/11/24/something.log.gz';

    const recognised = recogniseSource(
      sources,
      sampleOf(key, Buffer.from('first strange line\nsecond strange line\n')),
    );

    expect(recognised.ok ? [] : recognised.nearest.map((source) => source.id)).toContain('aws.vpc-flow');
  });

  it('takes a file with only a header by its key', () => {
    const key = 'AWSLogs/111122223333/vpcflowlogs/ap-northeast-1/2026/11/24/something.log.gz';

    const recognised = recogniseSource(sources, sampleOf(key, Buffer.from('')));

    expect(recognised.ok && recognised.source.id).toBe('aws.vpc-flow');
  });
});
