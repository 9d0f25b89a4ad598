// Classes, instances, metamethods and delegates.
function p(...) { local s = ""; foreach (v in vargv) s += (v == null ? "null" : v.tostring()) + " "; print(s + "\n"); }
function e(f) { try { p("ok", f()); } catch (x) p("error:", x); }
class A { x = 1; y = null; static st = 10; constructor(v = 5) { y = v; } function get() { return x + y; } static function sf() { return "static"; } }
local a = A(), b = A(7); p(a.x, a.y, b.y, a.get(), b.get(), A.st, a.st, A.sf(), a instanceof A);
a.x = 100; p(a.x, b.x, A.x); e(function() { a.zzz = 1; }); e(function() { a.zzz <- 1; }); e(@() a.zzz); e(function() { A.st = 11; }); e(function() { a.st = 11; });
class B extends A { z = 3; constructor(v) { base.constructor(v * 2); z = v; } function get() { return "B" + base.get(); } }
local c = B(4); p(c.x, c.y, c.z, c.get(), c instanceof A, c instanceof B, a instanceof B, B.getbase() == A, A.getbase());
class C extends B { } local d = C(1); p(d.get(), d.getclass() == C, C.getbase() == B); e(@() C());
class D { arr = []; } local d1 = D(), d2 = D(); d1.arr.append(1); p(d2.arr.len());
p(typeof (class {})(1)); e(@() a.get(1));
class V { x = 0; constructor(x) { this.x = x; }
    function _add(o) { return V(x + (typeof o == "integer" ? o : o.x)); } function _sub(o) { return V(x - o.x); } function _mul(o) { return V(x * o.x); } function _div(o) { return V(x / o.x); } function _modulo(o) { return V(x % o.x); }
    function _unm() { return V(-x); } function _typeof() { return "vector"; } function _tostring() { return "V(" + x + ")"; } function _cmp(o) { return x <=> o.x; } function _cloned(o) { x = o.x + 1000; }
    function _get(k) { if (k == "twice") return x * 2; throw null; } function _set(k, v) { if (k == "twice") x = v / 2; else throw null; } function _call(self, y) { return x + y; }
    function _nexti(i) { return i == null ? 0 : i < 2 ? i + 1 : null; } }
local v = V(6), w = V(4);
p(v + w, v + 1, v - w, v * w, v / w, v % w, -v, typeof v, type(v), v, "" + v, v < w, v > w, v <=> w, clone v, v.twice, v(5)); v.twice = 20; p(v.x); e(@() v.other); e(function() { v.other = 1; });
local dg = { function _get(k) { return "got " + k; }, function _add(o) { return "added"; }, function _call(self, n) { return n + 1; }, function _typeof() { return "special"; }, inherited = "d", function _newslot(k, v) { this.rawset(k, v + "!"); }, function _delslot(k) { return "del " + k; }, function _tostring() { return "TABLE"; } };
local t = { own = 1 }.setdelegate(dg); p(t.own, t.inherited, t.any, t + 1, t(5), typeof t, type(t), t.len(), t.getdelegate() == dg, t); t.fresh <- "v"; p(t.rawget("fresh")); p(delete t.own); p("any" in t, "own" in t);
local plain = { a = 1 }.setdelegate({ b = 2, function m() { return this.a; } }); p(plain.b, plain.m(), "b" in plain, plain.rawin("b")); plain.b = 5; p(plain.b, plain.getdelegate().b); plain.setdelegate(null); e(@() plain.b);
e(function() { local x = {}, y = {}.setdelegate(x); x.setdelegate(y); });
class Attr </ doc = "class doc" /> { </ doc = "field" />  f = 1; m = 2; } p(Attr.getattributes(null).doc, Attr.getattributes("f").doc, Attr.getattributes("m")); Attr.setattributes("m", "new"); p(Attr.getattributes("m")); e(@() Attr.getattributes("none"));
class M { } M.later <- 5; M.fn <- function() { return later; }; local m = M(); p(m.later, m.fn()); e(function() { M.toolate <- 1; });
class N { } N.newmember("n", 1, null, false); p(N().n, N.rawin("n"), N.rawget("n")); local ni = N.instance(); p(ni.n, ni.rawget("n"), ni.rawin("zz")); e(@() ni.rawget("zz")); ni.rawset("n", 5); p(ni.n);
class Inh { function _inherited(attrs) { this.mark <- "marked"; } } class Sub extends Inh { } p(Sub().mark);
class NM { function _newmember(i, v, attrs, static_) { this.newmember(i, v + "-nm", attrs, static_); } } 
local keys = []; foreach (k, v in A) keys.append(k); keys.sort(); p(keys.reduce(@(x, y) x + "," + y));
local out = ""; class It { data = null; constructor(d) { data = d; } function _nexti(i) { return i == null ? (data.len() ? 0 : null) : (i + 1 < data.len() ? i + 1 : null); } function _get(i) { return data[i]; } } foreach (i, x in It(["a", "b"])) out += i + x; p(out); e(function() { foreach (x in A()) p(x); });
local anon = class { name = "anon"; function hi() { return name; } }; p(anon().hi()); local tt = { K = class { q = 1; } }; p(tt.K().q); class tt.L { z = 2; } p(tt.L().z);
local bound = { x = "env" }; local ff = function() { return x; }.bindenv(bound); p(ff(), ff.call({ x = "other" }));
local cl = clone b; cl.x = 55; p(b.x, cl.x, cl.y);
class Cmp { k = 0; constructor(k_) { k = k_; } function _cmp(o) { return k - o.k; } } local list = [Cmp(3), Cmp(1), Cmp(2)]; list.sort(); p(list[0].k, list[1].k, list[2].k); p(Cmp(1) <=> Cmp(1), Cmp(1) >= Cmp(2));
class Cnt { static all = []; constructor() { all.append(1); } } Cnt(); Cnt(); p(Cnt.all.len());
local meth = a.get; e(@() meth()); p(meth.call(a)); 
