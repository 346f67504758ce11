import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleLambdas } from '../../scripts/bundle-lambdas.ts';

const root = join(import.meta.dirname, '../..');

function entriesWith(source: string): { entries: string; outDir: string } {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-bundle-'));
  const entries = join(folder, 'entries');
  mkdirSync(entries);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(entries, 'router.ts'), source);
  return { entries, outDir: join(folder, 'out') };
}

const usesTheSdk = `
import { SQSClient } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
const logger = pino({ enabled: false });
export const handler = async (event: { region: string }): Promise<string> => {
  logger.info('started');
  return await new SQSClient({ region: event.region }).config.region();
};
`;

describe('the bundles', () => {
  it('hold everything a function needs, the AWS SDK included', async () => {
    const { entries, outDir } = entriesWith(usesTheSdk);

    const { router } = await bundleLambdas({ outDir, names: ['router'], entries });

    const text = readFileSync(router?.file ?? '', 'utf8');
    expect(
      [...text.matchAll(/^import .* from ?['"](.*?)['"]/gm)]
        .map(([, from]) => from)
        .filter((from) => !from?.startsWith('node:')),
    ).toEqual([]);
    const bundle = (await import(pathToFileURL(router?.file ?? '').href)) as {
      handler: (event: object) => Promise<string>;
    };
    expect(await bundle.handler({ region: 'ap-northeast-1' })).toBe('ap-northeast-1');
  });

  it('are the same bytes every time, wherever they are written', async () => {
    const { entries, outDir } = entriesWith(usesTheSdk);

    const first = await bundleLambdas({ outDir, names: ['router'], entries });
    const second = await bundleLambdas({ outDir: `${outDir}-again`, names: ['router'], entries });

    expect(readFileSync(second['router']?.file ?? '', 'utf8')).toBe(readFileSync(first['router']?.file ?? '', 'utf8'));
  });

  it('are small enough to start quickly', async () => {
    const { entries, outDir } = entriesWith(usesTheSdk);

    const { router } = await bundleLambdas({ outDir, names: ['router'], entries });

    expect(router?.bytes).toBeLessThan(2_000_000);
    expect(readFileSync(join(router?.dir ?? '', 'index.mjs')).byteLength).toBe(router?.bytes);
  });

  it('are refused by name when an entry is missing', async () => {
    const { entries, outDir } = entriesWith(usesTheSdk);

    await expect(bundleLambdas({ outDir, names: ['router', 'sweeper'], entries })).rejects.toThrow(
      /sweeper\.ts not found in/,
    );
  });
});
