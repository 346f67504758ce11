import { createRequire } from 'node:module';
import { App, type AppProps, BootstraplessSynthesizer, type IStackSynthesizer, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { DeploymentSettings } from './deployment-settings.ts';
import { HubStack } from './stacks/hub-stack.ts';
import { ManagementStack, managementRegions, organizationsRegion } from './stacks/management-stack.ts';
import { RegionStack } from './stacks/region-stack.ts';

/** The application with its stacks by name, in the order they are deployed. */
export type YaguraApp = {
  readonly app: App;
  readonly stacks: ReadonlyMap<string, HubStack | ManagementStack | RegionStack>;
};

type YaguraAppOptions = { readonly settings: DeploymentSettings; readonly lambdaFolder: string };

// cdk-nag 3.0.2 itself reads a deprecated property of every event bus policy; our own use is checked by the compiler.
process.env['JSII_DEPRECATED'] ??= 'quiet';

const featureFlags: Record<string, unknown> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

/** An application without stacks, with the settings of CDK that every synthesis shares. */
export function emptyApp(props: AppProps = {}): App {
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    ...props,
    context: { ...featureFlags, ...props.context },
  });
}

/** All stacks: management account first, then the hub, then the other governed Regions. */
export function addStacks(app: App, { settings, lambdaFolder }: YaguraAppOptions): YaguraApp {
  const stacks = new Map<string, HubStack | ManagementStack | RegionStack>();
  for (const region of managementRegions(settings)) {
    const id = region === organizationsRegion ? 'YaguraManagement' : `YaguraManagement-${region}`;
    const env = { account: settings.managementAccount, region };
    stacks.set(
      id,
      new ManagementStack(app, id, {
        env,
        settings,
        region,
        description: `Yagura: organization events of ${region} and the role that reads the organization`,
        synthesizer: withoutBootstrap(),
      }),
    );
  }
  stacks.set(
    'YaguraHub',
    new HubStack(app, 'YaguraHub', {
      env: { account: settings.hubAccount, region: settings.homeRegion },
      settings,
      lambdaFolder,
      description: 'Yagura: from findings to messages',
    }),
  );
  for (const region of settings.governedRegions.filter((name) => name !== settings.homeRegion)) {
    const id = `YaguraRegion-${region}`;
    const env = { account: settings.hubAccount, region };
    const description = `Yagura: findings and Health events of ${region}`;
    stacks.set(id, new RegionStack(app, id, { env, settings, description, synthesizer: withoutBootstrap() }));
  }
  Tags.of(app).add('application', 'yagura');
  // A finding that nobody has accepted with a reason stops the synthesis.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stacks };
}

// Rules and roles need no uploaded files: only the hub's account and Region has to be bootstrapped.
function withoutBootstrap(): IStackSynthesizer {
  // It is one; only its declared optional fields do not fit exactOptionalPropertyTypes.
  return new BootstraplessSynthesizer() as IStackSynthesizer;
}
