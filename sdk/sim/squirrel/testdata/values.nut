// Literals, numbers, conversions and what text they become.
function p(...) { local s = ""; foreach (v in vargv) s += (v == null ? "null" : v.tostring()) + " "; print(s + "\n"); }
function e(f) { try { p("ok", f()); } catch (x) p("error:", x); }
p(1, -1, 0x10, 0xFF, 010, 'a', '\n', '\x41');
p(1.0, 1.5, 0.1, 1e3, 1.5e-7, 123456.789, 1e20, -0.5, 1e6, 1e5, 100000000.0);
p(true, false, null, "a\tb", "q\"q", "\x41\x42", "A", @"raw \n ""x""");
p(7 / 2, -7 / 2, 7 % 3, -7 % 3, 7.0 / 2, 7 % 2.5, 1 + 0.5, 3 * 1.5);
p(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, -16 >> 2, 1 <=> 2, 2 <=> 1, 1 <=> 1);
p(1 == 1.0, "a" == "a", null == 0, true == 1, 1 != 2, "a" < "b", 1 < 1.5, null < 1);
p(typeof 1, typeof 1.0, typeof true, typeof null, typeof "", typeof [], typeof {}, typeof p, typeof class {}, typeof (class {})());
p(type(1), type(print), "1" + 2, 1 + "2", "a" + 1.5, "x" + true);
p((1.5).tointeger(), (2).tofloat(), "12".tointeger(), "-12abc".tointeger(), "1.9".tointeger(), "1.5".tofloat(), "ff".tointeger(16), "0x1f".tointeger(16), "101".tointeger(2));
p((65).tochar(), true.tointeger(), false.tofloat(), (1.9).tostring(), "12e1".tointeger(), ".5".tofloat());
e(@() "abc".tointeger());
e(@() "".tofloat());
e(@() 1 / 0);
e(@() 1.0 / 0);
e(@() -1.0 / 0);
e(@() 1 + null);
e(@() {} + 1);
e(@() 1 & 1.5);
e(@() -"a");
e(@() ~1.5);
e(@() 1 < "a");
e(@() [] < 1);
e(@() null.x);
e(@() 1());
e(@() "a"());
e(@() nothing);
e(@() this.nothing);
e(@() "abc"[5]);
e(@() "abc"["x"]);
p("abc"[0], "abc"[-1], "abc"[1.9]);
p(0 ? "t" : "f", 0.0 ? "t" : "f", "" ? "t" : "f", null ? "t" : "f", [] ? "t" : "f");
p(1 && 2, 0 && 2, null || "x", 0 || null, !0, !"a");
local a = 5; a += 2; a -= 1; a *= 3; a /= 2; a %= 5; p(a, a++, a, ++a, a--, --a);
local t = { n = 1, s = "x" }; t.n += 2; t.n++; ++t.n; t.s += "y"; p(t.n, t.s, t.n--, t.n);
p((1, 2, 3), 2 + 3 * 4 - 5, (2 + 3) * 4, -2 + 1, !true == false, 1 + 2 << 1);
p(__LINE__, 1 in [1, 2], 5 in [1, 2], "a" in { a = 1 }, "b" in { a = 1 });
const LIMIT = 10; const NAME = "n"; const NEG = -1.5;
enum Color { red, green = 5, blue, text = "t" }
p(LIMIT, NAME, NEG, Color.red, Color.green, Color.blue, Color.text);
e(@() "b" in 1);
p(math.floor(1.7), math.ceil(1.2), math.abs(-3), math.fabs(-1.5), math.sqrt(16), math.pow(2, 10), PI);
p(math.sin(0), math.cos(0), math.atan2(1, 1), math.exp(1), math.log(10), math.log10(100));
