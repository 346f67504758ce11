import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mavenRepository } from './maven-repository.ts';

const central = 'https://repo.maven.apache.org/maven2';

describe('the Maven repository of the peers', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'yagura-home-'));
  });

  afterEach(() => rmSync(home, { recursive: true }));

  const settings = (mirrors: string): void => {
    mkdirSync(join(home, '.m2'));
    writeFileSync(join(home, '.m2/settings.xml'), `<settings><mirrors>${mirrors}</mirrors></settings>`);
  };
  const mirror = (of: string, url: string): string =>
    `<mirror><id>m</id><mirrorOf>${of}</mirrorOf><url>${url}</url></mirror>`;

  it('is Maven Central where nothing else is said', () => {
    expect(mavenRepository({}, home)).toEqual({ url: central, headers: {} });
    settings('');
    expect(mavenRepository({}, home).url).toBe(central);
  });

  it.each(['central', '*', 'external:*', 'snapshots, central'])('is the mirror of %j in the settings', (of) => {
    settings(mirror('snapshots', 'https://other.example.com/') + mirror(of, 'https://mirror.example.com/maven/'));

    expect(mavenRepository({}, home).url).toBe('https://mirror.example.com/maven');
  });

  it('is not a mirror that leaves Central out', () => {
    settings(mirror('*,!central', 'https://mirror.example.com/maven/'));

    expect(mavenRepository({}, home).url).toBe(central);
  });

  it('fills in the environment variables that the settings name', () => {
    settings(mirror('*', 'https://${env.MIRROR}/maven'));

    expect(mavenRepository({ MIRROR: 'mirror.example.com' }, home).url).toBe('https://mirror.example.com/maven');
  });

  it('is the one that the environment gives, with its password sent apart', () => {
    settings(mirror('*', 'https://mirror.example.com/maven'));
    const given = { MAVEN_REPOSITORY: 'https://second.example.com/m2', YAGURA_MAVEN_REPOSITORY: '' };

    expect(mavenRepository(given, home).url).toBe('https://second.example.com/m2');
    expect(mavenRepository({ ...given, YAGURA_MAVEN_REPOSITORY: 'https://a:b%40c@first.example.com/' }, home)).toEqual({
      url: 'https://first.example.com',
      headers: { authorization: `Basic ${Buffer.from('a:b@c').toString('base64')}` },
    });
  });
});
