/** Stops npm scripts on a Node older than 26, and says how to get the right one. It must run on any Node. */
const major = Number(process.versions.node.split('.')[0]);
if (major < 26) {
  console.error(
    `This project runs on Node 26, and this is ${process.versions.node}: the npm package "node" was not installed with its binary.\n` +
      'Run "npm ci" without --ignore-scripts, or install Node 26 on this machine.',
  );
  process.exit(1);
}
