import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSettings } from './deployment-settings.ts';
import { functionsOf } from './hub-functions.ts';
import { addStacks, emptyApp } from './yagura-app.ts';

const app = emptyApp();
const context = (key: string): unknown => app.node.tryGetContext(key);
const settings = readSettings(String(context('config') ?? 'yagura.yaml'), context);
const lambdaFolder = resolve(import.meta.dirname, 'dist/lambda');

const missing = functionsOf(settings).filter(({ name }) => !existsSync(resolve(lambdaFolder, name, 'index.mjs')));
if (missing.length > 0) {
  throw new Error(
    `No bundle of ${missing.map(({ name }) => name).join(', ')} in ${lambdaFolder}: run "node scripts/bundle-lambdas.ts" first ("cdk synth" does).`,
  );
}
addStacks(app, { settings, lambdaFolder }).app.synth();
