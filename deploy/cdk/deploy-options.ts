import { parseArgs } from 'node:util';

/** The steps of a deployment, in order. */
export const steps = ['management', 'hub', 'regions'] as const;
export type Step = (typeof steps)[number];

/** What the command line of `npm run deploy` asks for. */
export type DeployOptions = {
  readonly command: 'deploy' | 'plan' | 'member-template' | 'help';
  readonly config: string;
  readonly profiles: Readonly<Record<'management' | 'hub', string | undefined>>;
  readonly only: readonly Step[];
  readonly context: readonly string[];
  readonly yes: boolean;
};

/** Reads the arguments; throws with one sentence when they make no sense. */
export function parseDeployOptions(args: readonly string[]): DeployOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      plan: { type: 'boolean', default: false },
      yes: { type: 'boolean', short: 'y', default: false },
      config: { type: 'string', default: 'yagura.yaml' },
      only: { type: 'string', multiple: true, default: [] },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      'management-profile': { type: 'string' },
      'hub-profile': { type: 'string' },
    },
  });
  const [word, ...more] = positionals;
  if ((word !== undefined && word !== 'member-template') || more.length > 0)
    throw new Error(`unknown argument "${positionals.join(' ')}"; the only one is member-template`);
  const badContext = values.context.find((pair) => !/^[A-Za-z]\w*=/.test(pair));
  if (badContext !== undefined) throw new Error(`"${badContext}" is no context value; write -c key=value`);
  return {
    command: values.help ? 'help' : word === 'member-template' ? 'member-template' : values.plan ? 'plan' : 'deploy',
    config: values.config,
    profiles: { management: values['management-profile'], hub: values['hub-profile'] },
    only: stepsOf(values.only),
    context: values.context,
    yes: values.yes,
  };
}

function stepsOf(given: readonly string[]): readonly Step[] {
  const unknown = given.find((name) => !steps.some((step) => step === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there is only ${steps.join(', ')}`);
  return given.length === 0 ? steps : steps.filter((step) => given.includes(step));
}

/** The context as an object, as the CDK's `-c` would make it. */
export function contextOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
