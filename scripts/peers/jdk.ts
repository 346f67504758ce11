import { execFile } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const systemFolder = '/usr/lib/jvm';

/** A Java development kit: its programs are in the folder `bin`. */
export interface Jdk {
  readonly home: string;
  readonly version: number;
}

/** The feature number in what `java -version` prints: 25 of "25.0.3", 8 of "1.8.0_402". */
export function featureVersion(printed: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(printed)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The first JDK of at least this version: JAVA_HOME's, one of the system's, or the one on the PATH. */
export async function findJdk(minimum: number): Promise<Jdk> {
  const homes = [...new Set([...givenHome(), ...systemHomes(), ...homesOnPath()])];
  const jdks = await Promise.all(homes.filter(isComplete).map(askVersion));
  const found = jdks.find((jdk) => jdk !== undefined && jdk.version >= minimum);
  if (found !== undefined) return found;
  const seen = jdks.map((jdk) => jdk?.version).join(', ') || 'none at all';
  throw new Error(
    `it needs a JDK ${minimum} or later and found ${seen}: set JAVA_HOME, or install one below ${systemFolder}`,
  );
}

// A JRE has no jar, the program that unpacks what is downloaded.
const isComplete = (home: string): boolean => ['java', 'jar'].every((name) => existsSync(join(home, 'bin', name)));

function givenHome(): string[] {
  const home = process.env['JAVA_HOME'];
  return home === undefined || home === '' ? [] : [home];
}

function systemHomes(): string[] {
  if (!existsSync(systemFolder)) return [];
  return readdirSync(systemFolder).map((name) => join(systemFolder, name));
}

function homesOnPath(): string[] {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'java'))
    .filter((program) => existsSync(program))
    .map((program) => dirname(dirname(realpathSync(program))));
}

async function askVersion(home: string): Promise<Jdk | undefined> {
  try {
    const { stderr } = await run(join(home, 'bin/java'), ['-version'], { timeout: 20_000 });
    const version = featureVersion(stderr);
    return version === undefined ? undefined : { home, version };
  } catch {
    // A folder with a java that does not run here (another architecture, say) is no JDK of this machine.
    return undefined;
  }
}
