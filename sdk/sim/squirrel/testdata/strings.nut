// Functions of strings.
function p(...) { local s = ""; foreach (v in vargv) s += (v == null ? "null" : v.tostring()) + "|"; print(s + "\n"); }
function e(f) { try { p("ok", f()); } catch (x) p("error:", x); }
function l(a) { local s = "["; foreach (i, v in a) s += (i ? "," : "") + v; return s + "]"; }
p("hello".len(), "hello".slice(1), "hello".slice(1, 3), "hello".slice(-3), "hello".slice(-3, -1), "".len(), "".slice(0));
p("hello".find("l"), "hello".find("l", 3), "hello".find("z"), "hello".find(""), "hello".find("h", 10), "MiXed".tolower(), "MiXed".toupper());
e(@() "abc".slice(2, 1));
e(@() "abc".slice(0, 4));
e(@() "abc".slice(-5));
e(@() "abc".find(1));
p(l(split("a,b,c", ",")), l(split(",a,,b,", ",")), l(split("a b;c", " ;")), l(split("", ",")), l(split("abc", ",")));
e(@() split("abc", ""));
p(strip("  a b \n"), lstrip("  a "), rstrip(" a  "), strip("   "), strip(""));
p(format("%d %i %u %x %X %o %c", 5, -5, 5, 255, 255, 8, 'A'), format("%s %s", "a", "b"), format("%%"), format("100%%d"));
p(format("[%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%5.2d]", 42, 42, 42, 42, 42, 42, 4));
p(format("[%5s] [%-5s] [%.2s] [%5.1s]", "abc", "abc", "abc", "abc"));
p(format("%f %.2f %8.3f %-8.1f| %e %g %G", 1.5, 1.005, 3.14159, 2.5, 12345.678, 0.0001, 1e10));
p(format("%g %g %g %g %g", 100000.0, 1000000.0, 1e-5, 0.5, 100), format("%d", 3.9), format("%f", 3), format("%#x %#o", 255, 8));
e(@() format("%d"));
e(@() format("%d", "a"));
e(@() format("%s", 1));
e(@() format("%f", "a"));
e(@() format("%q", 1));
e(@() format("%12345d", 1));
e(@() format("%"));
p("a" + "b" + 1 + 2.5, "x".tostring(), ("x" + "").weakref());
local s = ""; foreach (i, c in "abc") s += i + ":" + c + " "; p(s);
p("a\nb".len(), "\x00a".len(), "é".len(), "é"[0] & 0xFF);
function show(r) { if (r == null) return "null"; if (typeof r == "table") return r.begin + "-" + r.end; local s = ""; foreach (x in r) s += show(x) + " "; return s; }
local r = regexp(@"(\d+)-(\w+)");
p(show(r.search("ab 12-cd!")), show(r.capture("ab 12-cd!")), show(r.search("none")), show(r.capture("none")), r.match("12-cd"), r.match("x12-cd"), r.match("12-cd!"), r.subexpcount());
p(show(regexp("a+b*").search("xxaaab")), show(regexp("[a-c]+").search("xxabcd")), show(regexp("[^x]+").search("xxab")), show(regexp("a|b").search("cb")), show(regexp("^ab").search("abab")), show(regexp("b$").search("abab")));
p(show(regexp(@"\l+").search("ABcd")), show(regexp(@"\u+").search("abCD")), show(regexp(@"\x+").search("zz1fg")), show(regexp(@"\s").search("a b")), show(regexp(@"\.").search("a.b")), show(regexp("a{2}").search("baaa")), show(regexp("a{1,2}").search("baaa")));
p(show(regexp("(a)|(b)").capture("b")), show(regexp("x").search("axbx", 2)), typeof regexp("a"));
