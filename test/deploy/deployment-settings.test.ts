import { describe, expect, it } from 'vitest';
import { readSettings } from '../../deploy/cdk/deployment-settings.ts';
import { channelsConfig, configFile } from './configurations.ts';

const read = (text: string, context: Readonly<Record<string, unknown>> = {}) =>
  readSettings(configFile(text), (key) => context[key]);

describe('the settings of a deployment', () => {
  it('come from yagura.yaml', () => {
    expect(read(channelsConfig)).toMatchObject({
      homeRegion: 'ap-northeast-1',
      governedRegions: ['ap-northeast-1', 'eu-west-1', 'us-east-1', 'us-west-2'],
      hubAccount: '444455556666',
      managementAccount: '777788889999',
      externalId: 'yagura-o-exampleorgid',
      healthPolling: true,
      logRetentionDays: 30,
      slackApp: true,
      amazonQTopics: ['arn:aws:sns:ap-northeast-1:444455556666:payments'],
      memberReadOus: [],
    });
  });

  it('come from the context alone when yagura.yaml has no deployment', () => {
    const context = {
      homeRegion: 'eu-central-1',
      hubAccount: '444455556666',
      managementAccount: '777788889999',
      organizationId: 'o-exampleorgid',
      regions: 'eu-west-1,eu-central-1',
      logRetentionDays: '90',
      healthPolling: 'false',
    };

    expect(read('central: { slack: { guardduty: { webhook: soc } } }', context)).toMatchObject({
      governedRegions: ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'],
      logRetentionDays: 90,
      healthPolling: false,
      slackApp: false,
    });
  });

  it('let the context win', () => {
    expect(read(channelsConfig, { homeRegion: 'eu-west-1', externalId: 'other' })).toMatchObject({
      homeRegion: 'eu-west-1',
      externalId: 'other',
    });
  });

  it.each([
    [
      'a file that is not there',
      () => readSettings('/nowhere/yagura.yaml', () => undefined),
      /Cannot read .*nowhere.*--config FILE/,
    ],
    [
      'a mistake in the file, with its place',
      () => read(channelsConfig.replace('homeRegion', 'homeregion')),
      /\d+:\d+ deployment\.homeregion: unknown key/,
    ],
    [
      'a missing organization id',
      () => read(channelsConfig.replace(/ {2}organizationId.*\n/, '')),
      /deployment\.organizationId is missing; .* -c organizationId=/,
    ],
    [
      'an account id of 9 digits',
      () => read(channelsConfig, { hubAccount: '123456789' }),
      /deployment\.hubAccount: an account id has 12 digits/,
    ],
    [
      'a retention CloudWatch does not know',
      () => read(channelsConfig, { logRetentionDays: 31 }),
      /logRetentionDays: 31 is not one of 1, 3, 5/,
    ],
    [
      'a Region of another partition',
      () => read(channelsConfig, { regions: 'us-gov-west-1' }),
      /us-gov-west-1 is in another AWS partition/,
    ],
    [
      'a flag that is neither',
      () => read(channelsConfig, { healthPolling: 'yes' }),
      /healthPolling: "yes" is neither true nor false/,
    ],
    [
      'a log level nobody knows',
      () => read(channelsConfig, { logLevel: 'loud' }),
      /logLevel: loud is not one of debug/,
    ],
  ])('refuse %s', (_name, act, message) => {
    expect(act).toThrow(message);
  });
});
