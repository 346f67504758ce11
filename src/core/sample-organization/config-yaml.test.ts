import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '#core/config/parse-config.ts';
import { accounts, teams } from './cast-accounts.ts';
import { sampleConfigYaml } from './config-yaml.ts';

const text = sampleConfigYaml();
const KINDS = ['guardduty', 'securityhub', 'health'];

describe('the configuration of the sample organization', () => {
  it('has the documented form', () => {
    const config = parse(text);

    expect(Object.keys(config)).toEqual(['organization', 'teams', 'central']);
    expect(config.organization.accounts).toEqual(
      accounts.map(({ id, name, ou, environment, team }) => ({
        id,
        name,
        ou,
        environment,
        ...(team === null ? {} : { team }),
      })),
    );
    expect(Object.keys(config.teams)).toEqual(teams.map((team) => team.id));
    for (const team of [...Object.values<Record<string, object>>(config.teams), config.central]) {
      expect(Object.keys(team.slack ?? {})).toEqual(KINDS);
    }
  });

  it('keeps account ids as text and Japanese names as they are', () => {
    const config = parse(text);

    expect(config.organization.accounts[0].id).toBe('222233334444');
    expect(config.teams.payments.name).toBe('決済チーム');
    expect(new Set(Object.values<{ language: string }>(config.teams).map((team) => team.language))).toEqual(
      new Set(['ja', 'en']),
    );
  });

  it('is accepted by the program without a complaint', () => {
    expect(parseConfig(text).problems).toEqual([]);
  });
});
