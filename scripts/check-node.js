// Plain JavaScript: it has to run on the old Node it complains about.
const wanted = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < wanted) {
  console.error(
    `Yagura needs Node ${wanted} or later, and this is Node ${process.versions.node} (${process.platform}-${process.arch}).\n` +
      'npm normally brings a Node 24 along as an optional dependency (linux-x64, linux-arm64, darwin-arm64).\n' +
      'Either install without --omit=optional, or install Node 24 from https://nodejs.org and run the command again.',
  );
  process.exit(1);
}
