// Package jslib makes functions in JavaScript part of the Builder language.
//
// A library is a CommonJS module. What it exports becomes a part of the
// language, whatever it is: functions, texts, numbers, arrays, objects.
//
//	module.exports = {
//	  shout: function(text) { return text.toUpperCase() + "!"; },
//	};
//
// A function is called with what was given, and with a this that has all
// variables of the place, the functions of the language and of all libraries;
// this.globals has what @set and @macro made, and may be changed.
//
// A library may require another one of those that are loaded, by its path from
// itself, and "assert"; what it logs to the console goes to Settings.Log. It
// reaches nothing else: no files, no network, no environment, no timers.
//
// Objects stay what they are between a library and a source; arrays are copied.
// How long all libraries run together, and how much memory they take, is
// limited; see Settings.
//
// The engine takes a millisecond when a program starts that has it. It is
// imported only where libraries are, and so is this package.
package jslib
