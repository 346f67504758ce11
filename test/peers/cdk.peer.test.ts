import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memberReadTemplate } from '../../deploy/cdk/member-read-template.ts';
import { channelsConfig } from '../deploy/configurations.ts';
import { synthesize } from '../deploy/synthesized.ts';

const cfnLint = process.env['YAGURA_CFN_LINT'];
if (cfnLint === undefined) console.warn('YAGURA_CFN_LINT is not set: the templates are NOT checked by cfn-lint.');

// W3005: the CDK orders every function behind its role although the reference already does; needless, not wrong.
const lint = (file: string) => spawnSync(cfnLint ?? '', ['--ignore-checks', 'W3005', '--', file], { encoding: 'utf8' });

function written(template: object): string {
  const file = join(mkdtempSync(join(tmpdir(), 'yagura-template-')), 'template.json');
  writeFileSync(file, JSON.stringify(template));
  return file;
}

describe.skipIf(cfnLint === undefined)('cfn-lint', () => {
  const synthesized = synthesize(channelsConfig, { memberReadOus: 'ou-abcd-11111111' });
  const templates = [
    ...synthesized.stacks.map(({ name, file }) => ({ name, file })),
    { name: 'YaguraMemberRead', file: written(memberReadTemplate(synthesized.settings)) },
  ];

  it.each(templates)('accepts $name', ({ file }) => {
    const { status, stdout, stderr } = lint(file);

    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });

  it('refuses a template that is wrong', () => {
    const queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'long' } };

    expect(lint(written({ Resources: { Queue: queue } })).status).not.toBe(0);
  });
});
