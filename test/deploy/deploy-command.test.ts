import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpText } from '../../deploy/cdk/deploy-help.ts';
import { contextOf, parseDeployOptions } from '../../deploy/cdk/deploy-options.ts';
import { channelsConfig, configFile } from './configurations.ts';

const cdkFolder = join(import.meta.dirname, '../../deploy/cdk');
const deploy = (...args: string[]) =>
  spawnSync(process.execPath, [join(cdkFolder, 'deploy.ts'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });

describe('npm run deploy', () => {
  it('explains parameters, order, credentials and cost', () => {
    const { stdout, status } = deploy('--help');

    expect(status).toBe(0);
    expect(stdout).toBe(helpText);
    for (const part of ['homeRegion', '1. management', '2. hub', '3. regions', 'Credentials', 'Monthly cost', '--plan'])
      expect(stdout).toContain(part);
  });

  it('says what is wrong with the configuration before it calls anything', () => {
    const file = configFile(channelsConfig.replace('o-exampleorgid', 'exampleorgid'));

    const { stderr, status } = deploy('--config', file);
    expect(status).toBe(1);
    expect(stderr).toContain('an organization id is written o-xxxxxxxxxx');
    expect(stderr).toContain('npm run deploy -- --help explains.');
  });

  it('prints the template of the member role', () => {
    const { stdout, status } = deploy('member-template', '--config', configFile(channelsConfig));

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty(['Resources', 'MemberRead', 'Type'], 'AWS::IAM::Role');
  });

  it('bundles the functions before it synthesizes', () => {
    const { app } = JSON.parse(readFileSync(join(cdkFolder, 'cdk.json'), 'utf8')) as { app: string };

    expect(app).toBe('node ../../scripts/bundle-lambdas.ts && node app.ts');
  });
});

describe('its options', () => {
  it('default to all steps with yagura.yaml', () => {
    expect(parseDeployOptions([])).toMatchObject({
      command: 'deploy',
      config: 'yagura.yaml',
      only: ['management', 'hub', 'regions'],
      yes: false,
    });
  });

  it('keep the order of the steps whatever the order of --only', () => {
    expect(parseDeployOptions(['--only', 'regions', '--only', 'management']).only).toEqual(['management', 'regions']);
  });

  it('split context at the first equals sign', () => {
    expect(contextOf(['externalId=a=b', 'regions=eu-west-1,us-east-1'])).toEqual({
      externalId: 'a=b',
      regions: 'eu-west-1,us-east-1',
    });
  });

  it.each([
    [['--only', 'everything'], /--only everything: there is only management, hub, regions/],
    [['-c', 'homeRegion'], /"homeRegion" is no context value; write -c key=value/],
    [['destroy'], /unknown argument "destroy"/],
    [['--slack-token', 'value'], /Unknown option '--slack-token'/],
  ])('refuse %j', (args, message) => {
    expect(() => parseDeployOptions(args)).toThrow(message);
  });
});
