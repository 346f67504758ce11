import { lambdaNames } from '../../../scripts/bundle-lambdas.ts';
import { channelsConfig } from '../../deploy/configurations.ts';
import { resourcesOf, type SynthesizedStack, stackNamed, synthesize } from '../../deploy/synthesized.ts';
import type { GateCall } from './aws-gate.ts';

type Statement = { readonly Action: string | readonly string[] };
type Document = { readonly Statement: readonly Statement[] };

/** What the deployment allows and sets, as CloudFormation would get it. */
export type Deployed = {
  /** Actions of a function's role, those of the role it may assume included. */
  allowed(name: string): ReadonlySet<string>;
  variables(name: string): readonly string[];
};

/** Synthesizes the stacks with everything in them. */
export function deployed(): Deployed {
  const synthesized = synthesize(channelsConfig);
  const hub = stackNamed(synthesized, 'YaguraHub');
  const assumed = actionsIn(
    resourcesOf([stackNamed(synthesized, 'YaguraManagement')], 'AWS::IAM::Role').flatMap(({ Properties }) =>
      // Inline policies of a role, as CloudFormation spells them.
      ((Properties['Policies'] ?? []) as { PolicyDocument: Document }[]).map((policy) => policy.PolicyDocument),
    ),
  );
  return {
    allowed: (name) => {
      const own = actionsIn(policiesOf(hub, name));
      return new Set(own.includes('sts:AssumeRole') ? [...own, ...assumed] : own);
    },
    variables: (name) => {
      const found = resourcesOf([hub], 'AWS::Lambda::Function').find(
        ({ Properties }) => Properties['FunctionName'] === `yagura-${name}`,
      );
      const environment = found?.Properties['Environment'] as { Variables: object } | undefined;
      return Object.keys(environment?.Variables ?? {});
    },
  };
}

/** The permissions behind the calls of each function; a transaction needs those of its parts. */
export function neededBy(calls: readonly GateCall[]): ReadonlyMap<string, ReadonlySet<string>> {
  const needed = new Map<string, Set<string>>(lambdaNames.map((name) => [name, new Set()]));
  for (const call of calls) for (const action of permissionsOf(call)) needed.get(call.caller)?.add(action);
  return needed;
}

const PART_OF_TRANSACTION: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

function permissionsOf({ action, body }: GateCall): string[] {
  if (action === 'sqs:SendMessageBatch') return ['sqs:SendMessage'];
  if (action !== 'dynamodb:TransactWriteItems') return [action];
  // The SDK sends JSON objects.
  const { TransactItems } = JSON.parse(body) as { TransactItems: object[] };
  return TransactItems.flatMap((item) => Object.keys(item).map((part) => PART_OF_TRANSACTION[part] ?? part));
}

function policiesOf(hub: SynthesizedStack, name: string): Document[] {
  const role = Object.entries(hub.resources).find(
    ([, { Properties }]) => Properties['RoleName'] === `yagura-${name}`,
  )?.[0];
  return resourcesOf([hub], 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties['Roles']).includes(`"${role}"`))
    .map(({ Properties }) => Properties['PolicyDocument'] as Document);
}

function actionsIn(documents: readonly Document[]): string[] {
  return documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
}
