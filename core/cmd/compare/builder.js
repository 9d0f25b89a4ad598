// Says that it is ready, and then answers each line on standard input, a source
// with what surrounds it, with a line: what the Builder in the first argument
// makes of it. The second argument is a directory of its own, which is /case in
// all texts.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');
const util = require('util');

const [folder, root] = process.argv.slice(1);
const Builder = require(folder);

// What libraries write to the console.
let logged = [];
for (const name of ['log', 'info', 'debug']) {
  console[name] = (...values) => logged.push(util.format(...values));
}
const silent = { debug() {}, info() {}, warning() {}, error() {} };

const yellow = /^\x1b\[33m([^]*)\x1b\[39m\n$/;
const masked = (text) => Buffer.from(String(text)).toString().split(root).join('/case');

function run(c) {
  fs.rmSync(root, { recursive: true, force: true });
  fs.mkdirSync(root, { recursive: true });
  process.chdir(root);
  for (const [name, text] of Object.entries(c.files || {})) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  for (const name of Object.keys(process.env)) {
    delete process.env[name];
  }
  Object.assign(process.env, c.env || {});

  for (const name of Object.keys(require.cache).filter((n) => n.startsWith(root))) {
    delete require.cache[name];
  }
  const libraries = Object.keys(c.libs || {}).sort();
  for (const name of libraries) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), c.libs[name]);
  }

  logged = [];
  const outcome = { text: '', error: '', warnings: [], logged };
  const write = process.stderr.write;
  process.stderr.write = (text) => {
    const warning = yellow.exec(text);
    if (warning) {
      outcome.warnings.push(masked(warning[1]));
    }
    return true;
  };
  try {
    const builder = new Builder({ libs: libraries.map((name) => path.join(root, name)) });
    builder.logger = silent;
    const machine = builder.machine;
    machine.path = root;
    machine.file = 'main';
    machine.readers.file.runDir = root;
    machine.generateLineControlStatements = Boolean(c.lineControl);
    machine.suppressDupWarning = Boolean(c.suppress);
    outcome.text = masked(machine.execute(c.text, c.variables || {}));
  } catch (error) {
    outcome.error = masked(error instanceof Error ? error.message : error);
  } finally {
    process.stderr.write = write;
  }
  return outcome;
}

process.stdout.write('ready\n');
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const c = JSON.parse(line.split('/case').join(root));
  process.stdout.write(JSON.stringify(run(c)) + '\n');
});
