// Builds the file in the second argument so many times with the Builder in the
// first, and writes how long each took, in milliseconds, and the result.
'use strict';

const path = require('path');

const [folder, file, runs] = process.argv.slice(1);
const Builder = require(folder);

const times = [];
let text;
for (let i = 0; i < runs; i++) {
  const builder = new Builder();
  builder.logger = { debug() {}, info() {}, warning() {}, error() {} };
  builder.machine.generateLineControlStatements = true;
  builder.machine.readers.file.inputFileDir = path.dirname(file);
  const begin = process.hrtime.bigint();
  text = builder.machine.execute(`@include "${file}"`, {});
  times.push(Number(process.hrtime.bigint() - begin) / 1e6);
}
process.stdout.write(JSON.stringify({ times, text }));
