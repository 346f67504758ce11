import { existsSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { generateRegistries } from './generate-registries.ts';

/** The Lambda functions of the AWS home; each is `src/apps/lambda/<name>.ts` and exports `handler`. */
export const lambdaNames = [
  'router',
  'delivery',
  'sweeper',
  'health-poller',
  'directory-refresh',
  'slack-endpoint',
  'slack-worker',
] as const;

export type LambdaName = (typeof lambdaNames)[number];

/** One bundled function: `dir` is what gets uploaded, `file` the module in it whose `handler` Lambda calls. */
export type BundledLambda = { readonly dir: string; readonly file: string; readonly bytes: number };

type BundleOptions = {
  readonly outDir: string;
  /** All of them when absent. */
  readonly names?: readonly LambdaName[];
  /** Folder of the entry files. */
  readonly entries?: string;
};

const root = resolve(import.meta.dirname, '..');

// The SDK's and pino's CommonJS parts call require, which an ES module does not have.
const requireBanner =
  "import { createRequire as _createRequire } from 'node:module';const require = _createRequire(import.meta.url);";

/**
 * Bundles the Lambda functions as they are uploaded: one ES module each for `nodejs24.x`, with the AWS SDK inside, so that
 * what was tested is what runs, whatever SDK the runtime carries.
 * @example const { router } = await bundleLambdas({ outDir: 'dist/lambda' });
 */
export async function bundleLambdas(options: BundleOptions): Promise<Record<string, BundledLambda>> {
  const names = options.names ?? lambdaNames;
  const entries = options.entries ?? join(root, 'src/apps/lambda');
  const missing = names.filter((name) => !existsSync(join(entries, `${name}.ts`)));
  if (missing.length > 0)
    throw new Error(
      `Cannot bundle the Lambda functions: ${missing.map((name) => `${name}.ts`).join(', ')} not found in ${entries}`,
    );
  generateRegistries(join(root, 'src'));
  const bundled: Record<string, BundledLambda> = {};
  for (const name of names) bundled[name] = await bundleOne(join(entries, `${name}.ts`), resolve(options.outDir, name));
  return bundled;
}

async function bundleOne(entry: string, dir: string): Promise<BundledLambda> {
  const file = join(dir, 'index.mjs');
  // What an earlier run left would be uploaded too.
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await build({
    entryPoints: [entry],
    outfile: file,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ES module builds of the SDK are the ones that shake.
    mainFields: ['module', 'main'],
    banner: { js: requireBanner },
    // Names stay, so that a stack trace can be read without a source map (which would cost cold start time).
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'error',
  });
  return { dir, file, bytes: statSync(file).size };
}

// import.meta.main came with Node 24.2; this has to run on 24.0.
if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'deploy/cdk/dist/lambda') } } });
  for (const [name, { bytes }] of Object.entries(await bundleLambdas({ outDir: values.out }))) {
    console.error(`${name.padEnd(18)} ${(bytes / 1024).toFixed(0).padStart(6)} KiB`);
  }
}
