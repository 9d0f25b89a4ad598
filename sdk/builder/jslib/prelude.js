// Makes the console, and lets no single value take all memory: there is nothing
// in between where the engine could be stopped.
(function (most, print) {
  'use strict';

  const shown = (value) => {
    if (typeof value !== 'object' || value === null || value instanceof Error) {
      return String(value);
    }
    try {
      return JSON.stringify(value);
    } catch (error) {
      return String(value);
    }
  };
  const log = (...values) => print(values.map(shown).join(' '));
  globalThis.console = { log, info: log, debug: log, warn: log, error: log };

  const { apply: call, construct } = Reflect;
  const replaced = (object, name, check) => {
    const plain = object[name];
    const checked = { [name](...args) {
      check(this, ...args);
      return call(plain, this, args);
    } }[name];
    Object.defineProperty(object, name, { value: checked, writable: true, configurable: true });
  };
  const limited = (length) => {
    if (length > most) {
      throw new RangeError('Invalid string length');
    }
  };
  replaced(String.prototype, 'repeat', (self, count) => limited(String(self).length * count));
  replaced(String.prototype, 'padStart', (self, width) => limited(+width));
  replaced(String.prototype, 'padEnd', (self, width) => limited(+width));

  const short = (length) => {
    if (length * 16 > most) {
      throw new RangeError('Invalid array length');
    }
  };
  for (const name of ['sort', 'toSorted', 'toReversed', 'toSpliced', 'with']) {
    replaced(Array.prototype, name, (self) => short(self.length));
  }
  replaced(Function.prototype, 'apply', (self, it, args) => args && short(args.length));
  replaced(Reflect, 'apply', (self, f, it, args) => short(args.length));
  replaced(Reflect, 'construct', (self, f, args) => short(args.length));

  for (const name of Object.getOwnPropertyNames(globalThis).filter((n) => /^(ArrayBuffer|.+Array)$/.test(n))) {
    const plain = globalThis[name];
    const checked = { [name]: function (...args) {
      short(Object(args[0]).length === undefined ? args[0] : args[0].length);
      return construct(plain, args, new.target === checked ? plain : new.target);
    } }[name];
    checked.prototype = plain.prototype;
    Object.setPrototypeOf(checked, plain);
    plain.prototype.constructor = checked;
    globalThis[name] = checked;
  }
})
