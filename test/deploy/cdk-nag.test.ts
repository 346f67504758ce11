import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { memberReadTemplate } from '../../deploy/cdk/member-read-template.ts';
import { channelsConfig } from './configurations.ts';
import { synthesize } from './synthesized.ts';

// As in synthesized.ts: loaded by Node, which is quicker.
const load = createRequire(import.meta.url);
const { App, Stack, Validations } = load('aws-cdk-lib') as typeof import('aws-cdk-lib');
const { Bucket } = load('aws-cdk-lib/aws-s3') as typeof import('aws-cdk-lib/aws-s3');
const { CfnInclude } = load(
  'aws-cdk-lib/cloudformation-include',
) as typeof import('aws-cdk-lib/cloudformation-include');
const { AwsSolutionsChecks } = load('cdk-nag') as typeof import('cdk-nag');

// With the CDK's own check of the templates: it throws when CloudFormation would refuse one.
const checked = { builtinCloudFormationValidation: true };
const synthesized = synthesize(channelsConfig, { memberReadOus: 'ou-abcd-11111111' }, checked);

type Acknowledged = { readonly path: string; readonly id: string; readonly reason: string };

function acknowledgements(root: IConstruct): Acknowledged[] {
  return root.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string>).map(([key, reason]) => ({
          path: construct.node.path,
          id: key.replace(/^annotation::/i, ''),
          reason,
        })),
      ),
  );
}

/** What cdk-nag finds when no acknowledgement counts, as "rule at path". */
function unforgivenFindings(root: IConstruct): { path: string; id: string }[] {
  const strict = new AwsSolutionsChecks();
  // The method is private to the compiler only.
  Object.assign(strict, { isAcknowledged: () => false });
  return strict.validateScope(root).violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map((resource) => ({
      path: String(Reflect.get(resource, 'constructPath') ?? resource.resourceLogicalId),
      id: ruleName,
    })),
  );
}

describe('cdk-nag, AwsSolutions', () => {
  it('finds nothing in the stacks that is not accepted with a reason', () => {
    expect(new AwsSolutionsChecks().validateScope(synthesized.app)).toMatchObject({ success: true, violations: [] });
  });

  it('does find something where there is something', () => {
    const app = new App();
    new Bucket(new Stack(app, 'Careless'), 'Bucket');

    expect(new AwsSolutionsChecks().validateScope(app).success).toBe(false);
  });

  it('is answered with a sentence for each acceptance, each on one construct and never on a stack', () => {
    const accepted = acknowledgements(synthesized.app);

    expect(accepted.length).toBeGreaterThan(0);
    for (const { path, id, reason } of accepted) {
      expect(reason, id).toMatch(/^[A-Z].{40,}\.$/);
      expect(path.split('/').length, id).toBeGreaterThan(1);
    }
  });

  it('would complain about each of them: no acceptance is left over', () => {
    const findings = unforgivenFindings(synthesized.app);

    const unused = acknowledgements(synthesized.app).filter(
      ({ path, id }) => !findings.some((found) => found.path.startsWith(path) && found.id === id),
    );
    expect(unused).toEqual([]);
  });

  it('complains about the member role only for the three calls that know no resource', () => {
    const stack = new Stack(new App(), 'Member');
    const file = join(mkdtempSync(join(tmpdir(), 'yagura-member-')), 'template.json');
    writeFileSync(file, JSON.stringify(memberReadTemplate(synthesized.settings)));
    new CfnInclude(stack, 'Template', { templateFile: file });

    expect(unforgivenFindings(stack).map(({ id }) => id)).toEqual(['AwsSolutions-IAM5[Resource::*]']);
  });
});
