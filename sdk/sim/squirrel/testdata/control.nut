// Statements, functions, closures and errors.
function p(...) { local s = ""; foreach (v in vargv) s += (v == null ? "null" : v.tostring()) + " "; print(s + "\n"); }
function e(f) { try { p("ok", f()); } catch (x) p("error:", x); }
local s = ""; for (local i = 0; i < 5; i++) { if (i == 1) continue; if (i == 4) break; s += i; } p(s);
local i = 0; while (i < 3) i++; p(i); do { i--; } while (i > 0); p(i);
for (;;) { if (++i > 3) break; } p(i);
function sw(x) { local r = ""; switch (x) { case 1: r += "one"; case 2: r += "two"; break; case "a": r += "A"; break; default: r += "other"; } return r; }
p(sw(1), sw(2), sw("a"), sw(9), sw(null), sw(1.0));
function none() {} function ret() { return; } p(none(), ret());
function def(a, b = 2, c = "c") { return a + b + c; } p(def(1), def(1, 5), def(1, 5, "x"));
function var(a, ...) { return a + ":" + vargv.len(); } p(var(1), var(1, 2, 3));
e(@() def());
e(@() def(1, 2, 3, 4));
e(@() var());
local counter = function() { local n = 0; return { inc = @() ++n, get = @() n }; };
local c1 = counter(), c2 = counter(); c1.inc(); c1.inc(); c2.inc(); p(c1.get(), c2.get());
local fs = []; for (local k = 0; k < 3; k++) { local m = k; fs.append(@() m); } p(fs[0](), fs[1](), fs[2]());
local shared = 1; local set = function(v) { shared = v; }; set(5); p(shared);
function fact(n) { return n < 2 ? 1 : n * fact(n - 1); } p(fact(10));
e(function() { local function fib(n) { return n < 2 ? n : fib(n - 1); } return fib(5); }); function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } p(fib(15));
function tail(n) { return n == 0 ? "done" : tail(n - 1); } p(tail(5000));
p((@(x, y) x + y)(1, 2), (function(x) { return x * 2; })(4));
e(function() { throw "text"; }); e(function() { throw 5; }); e(function() { throw null; });
try { throw { code = 7 }; } catch (x) p(x.code);
function deep(n) { if (n == 0) throw "deep"; deep(n - 1); } e(@() deep(5));
local log = ""; try { try { throw "inner"; } catch (x) { log += x; throw "outer"; } } catch (x) { log += x; } p(log);
function inTry() { try { return "from try"; } catch (x) { return "no"; } } p(inTry());
for (local j = 0; j < 3; j++) { try { if (j == 1) continue; if (j == 2) break; p("loop", j); } catch (x) {} }
local o = { v = 1, function get() { return v; }, lam = @() this.v }; p(o.get(), o.lam());
local f = o.get, kept = { v = "bound" }; v <- "root"; p(f(), f.call({ v = "called" }), f.bindenv(kept)(), f.acall([{ v = "acalled" }]), f.pcall({ v = "p" }), f.pacall([{ v = "pa" }]));
v = "changed"; p(::v, v); e(@() f.call());
local info = def.getinfos(); p(info.native, info.name, info.parameters.len(), info.varargs, info.defparams.len(), info.src);
local ni = print.getinfos(); p(ni.native, ni.name, ni.paramscheck);
function env() { return this; } p(env() == getroottable(), env.call(5), callee() != null);
p(compilestring("return 1 + 2")(), compilestring("vv <- 3; return vv", "n")(), ::vv);
e(@() compilestring("1 +"));
e(@() assert(false)); e(@() assert(1)); 
local r = 0; for (local x = 0, y = 10; x < y; x++, y--) r++; p(r);
if (0) p("no"); else if (1) p("elseif"); else p("no");
{ local scoped = 1; } e(@() scoped);
local x = 1; { local x = 2; p(x); } p(x);
t <- { f = function() { return "f"; } }; function t::g() { return this == t; } p(t.f(), t.g());
p("a" in t ? 1 : 0, !("f" in t), 1 instanceof (class {}));
e(@() 1 instanceof 2);
function gen(n) { for (local i = 0; i < n; i++) yield i; return "end"; }
local g = gen(3); p(typeof g, g.getstatus(), resume g, resume g, resume g, g.getstatus(), resume g, g.getstatus()); e(@() resume g); e(@() resume 5);
local sum = 0; foreach (v in gen(5)) sum += v; p(sum); foreach (k, v in gen(2)) p(k, v);
function thrower() { yield 1; throw "gen"; } local tg = thrower(); resume tg; e(@() resume tg); p(tg.getstatus());
function outerGen() { local a = 1; yield a; a += 5; yield a; } local og = outerGen(); p(resume og, resume og, resume og);
p(getstackinfos(1).func, getstackinfos(1).line, getstackinfos(99));
