// Plain JavaScript: it runs on the old Node, before any npm script that needs a new one.
import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBundledNode, isNewEnough, noBundledNode, tooOld } from '../bin/bundled-node.js';

// npm 10 and earlier remove node_modules/.bin/node together with the packages of the other platforms, which have a
// program of the same name. npm scripts find it first on their PATH, so it is put back.
function linkBundledNode(node) {
  const link = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), node), link);
}

if (!isNewEnough()) {
  const node = findBundledNode();
  if (node === undefined) {
    console.error(tooOld(noBundledNode));
    process.exitCode = 1;
  } else {
    linkBundledNode(node);
  }
}
