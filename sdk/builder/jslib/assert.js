// What libraries get for require('assert').
'use strict';

const check = (ok, message, otherwise) => {
  if (!ok) {
    throw message instanceof Error ? message : new Error(message === undefined ? otherwise : message);
  }
};

module.exports = (value, message) => check(value, message, 'Assertion failed');
module.exports.ok = module.exports;
module.exports.equal = (actual, expected, message) => check(actual == expected, message, `${actual} == ${expected}`);
module.exports.strictEqual = (actual, expected, message) => check(actual === expected, message, `${actual} === ${expected}`);
