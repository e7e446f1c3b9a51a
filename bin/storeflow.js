#!/usr/bin/env node
// Plain JavaScript without new syntax: an older Node must get as far as this sentence.
const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  console.error(
    `StoreFlow needs Node ${NODE_MAJOR_MIN} or later, this is ${process.versions.node}: run it through npm (npm start, or npx storeflow …), which brings its own.`,
  );
  process.exit(1);
}

import('../start/command-line.ts').then(({ run }) => run(process.argv.slice(2)));
