import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { App, AppProps, Stack } from 'aws-cdk-lib';
import { type DeploymentSettings, readSettings } from '../../deploy/cdk/deployment-settings.ts';
import { functionsOf } from '../../deploy/cdk/hub-functions.ts';
import { configFile } from './configurations.ts';

// Loaded by Node itself: Vitest would wrap every module of the CDK.
const load = createRequire(import.meta.url);
const { addStacks, emptyApp } = load(
  '../../deploy/cdk/yagura-app.ts',
) as typeof import('../../deploy/cdk/yagura-app.ts');

export type Resource = {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
};

/** One synthesized stack, as CloudFormation would get it. */
export type SynthesizedStack = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly file: string;
  readonly text: string;
  readonly resources: Readonly<Record<string, Resource>>;
};

export type Synthesized = {
  readonly app: App;
  readonly settings: DeploymentSettings;
  readonly stacks: readonly SynthesizedStack[];
  readonly constructs: ReadonlyMap<string, Stack>;
};

/** Synthesizes all stacks with empty Lambda code; the templates do not depend on it. */
export function synthesize(
  config: string,
  context: Readonly<Record<string, string>> = {},
  // The CDK's own check of the templates takes two seconds; once is enough.
  props: AppProps = { builtinCloudFormationValidation: false },
): Synthesized {
  const file = configFile(config);
  const settings = readSettings(file, (key) => context[key]);
  const folder = join(file, '..');
  for (const { name } of functionsOf(settings)) {
    mkdirSync(join(folder, 'lambda', name), { recursive: true });
    writeFileSync(join(folder, 'lambda', name, 'index.mjs'), 'export const handler = async () => {};\n');
  }
  const lambdaFolder = join(folder, 'lambda');
  const appProps = { outdir: join(folder, 'cdk.out'), stackTraces: false, ...props };
  const { app, stacks } = addStacks(emptyApp(appProps), { settings, lambdaFolder });
  const assembly = app.synth();
  return {
    app,
    settings,
    constructs: stacks,
    stacks: assembly.stacks.map((stack) => ({
      name: stack.stackName,
      account: stack.environment.account,
      region: stack.environment.region,
      file: stack.templateFullPath,
      text: JSON.stringify(stack.template),
      resources: stack.template.Resources,
    })),
  };
}

/** The resources of one type, over the given stacks. */
export function resourcesOf(stacks: readonly SynthesizedStack[], type: string): Resource[] {
  return stacks.flatMap((stack) => Object.values(stack.resources).filter((resource) => resource.Type === type));
}

/** The stack of this name; fails the test when there is none. */
export function stackNamed(synthesized: Synthesized, name: string): SynthesizedStack {
  const found = synthesized.stacks.find((stack) => stack.name === name);
  if (found === undefined)
    throw new Error(`no stack ${name} among ${synthesized.stacks.map((stack) => stack.name).join(', ')}`);
  return found;
}
