import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

/** Where artifacts are fetched from, and what to send along. */
export interface MavenRepository {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const central = 'https://repo.maven.apache.org/maven2';

/**
 * The repository that stands for Maven Central: YAGURA_MAVEN_REPOSITORY, MAVEN_REPOSITORY, the mirror of Central in
 * ~/.m2/settings.xml, or Central itself.
 */
export function mavenRepository(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): MavenRepository {
  const given = environment['YAGURA_MAVEN_REPOSITORY'] || environment['MAVEN_REPOSITORY'];
  return toRepository(given || mirrorInSettings(environment, join(home, '.m2/settings.xml')) || central);
}

// fetch refuses an address with a password in it.
function toRepository(address: string): MavenRepository {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: url.href.replace(/\/$/, ''),
    headers: username === '' ? {} : { authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
  };
}

function mirrorInSettings(environment: Readonly<Record<string, string | undefined>>, file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8').replace(/\$\{env\.(\w+)\}/g, (_, name: string) => environment[name] ?? '');
  const parser = new XMLParser({ isArray: (name) => name === 'mirror', parseTagValue: false });
  const mirrors: unknown = parser.parse(text)?.settings?.mirrors?.mirror;
  if (!Array.isArray(mirrors)) return undefined;
  const found = mirrors.find((mirror) => mirrorsCentral(String(mirror?.mirrorOf)) && mirror?.blocked !== 'true');
  return found === undefined ? undefined : String(found.url);
}

function mirrorsCentral(mirrorOf: string): boolean {
  const names = mirrorOf.split(',').map((name) => name.trim());
  return !names.includes('!central') && names.some((name) => ['central', '*', 'external:*'].includes(name));
}
