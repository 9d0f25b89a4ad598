// Arrays and tables.
function l(v) {
    if (typeof v == "array") { local s = "["; foreach (i, x in v) s += (i ? "," : "") + l(x); return s + "]"; }
    if (typeof v == "table") { local k = []; foreach (i, x in v) k.append(i); k.sort(@(a, b) a.tostring() <=> b.tostring()); local s = "{"; foreach (i in k) s += i + "=" + l(v[i]) + " "; return s + "}"; }
    return v == null ? "null" : v.tostring();
}
function p(...) { local s = ""; foreach (v in vargv) s += l(v) + " "; print(s + "\n"); }
function e(f) { try { p("ok", f()); } catch (x) p("error:", x); }
local a = [3, 1, 2];
p(a, a.len(), a[0], a.top(), a.pop()); p(a, a.push(9), a.append(8)); p(a);
a.insert(1, "i"); p(a); p(a.remove(1), a); a.extend([5, 6]); p(a); a.reverse(); p(a); a.sort(); p(a);
a.resize(3); p(a); a.resize(5); p(a); a.resize(6, "f"); p(a); p(a.slice(1), a.slice(1, 2), a.slice(-2), a.find(3), a.find(99)); a.clear(); p(a);
p([1, 2, 3].map(@(x) x * 2), [1, 2, 3].filter(@(i, x) x > 1), [1, 2, 3].reduce(@(x, y) x + y), [].reduce(@(x, y) x + y));
local b = [1, 2]; b.apply(@(x) x + 1); p(b);
foreach (s in [[3, 1, 2], ["b", "a"], [1.5, 1, 2], []]) { p(s.sort()); p(s); } local d = [1, 3, 2]; d.sort(@(x, y) y <=> x); p(d);
local q = []; for (local i = 0; i < 12; i++) q.append([i % 3, i]); q.sort(@(x, y) x[0] <=> y[0]); p(q);
p(array(3), array(2, "x"), [[1], [2, [3]]], [1 2 3], [1, 2, ]);
e(@() [1][1]);
e(@() [1][-1]);
e(@() [1]["a"]);
e(@() [].pop());
e(@() [].top());
e(@() [1].remove(1));
e(@() [1].insert(3, 1));
e(@() [1].slice(2));
e(function() { local x = [1]; x[1] = 2; });
e(function() { local x = [1]; x["k"] = 2; });
e(function() { local x = [1]; x.k <- 2; });
e(@() [2, "a"].sort());
e(@() [2, 1].sort(@(a, b) "x"));
e(@() [1].extend(1));
local t = { a = 1, ["k" + 1] = 2, [5] = "five", function f() { return 1; }, "s": 3 };
p(t.a, t.k1, t[5], t.f(), t.s, t.len()); t.b <- 2; t.a = 10; p(t.b, t.a, delete t.a, "a" in t, t.len());
e(@() t.zzz);
e(function() { t.zzz = 1; });
e(@() delete t.zzz);
p(t.rawget("b"), t.rawin("b"), t.rawin("zz"), t.rawset("r", 1), t.rawdelete("r"), t.rawdelete("r"));
e(@() t.rawget("zzz"));
e(function() { t[null] <- 1; });
local n = { x = { y = { z = 1 } } }; n.x.y.z++; p(n); n.x.y.w <- [1]; p(n);
local c = clone n; c.x = 1; p(n, c, n.x == n.x, {} == {}, [] == []);
p((clone t).clear(), t.len());
local keys = []; foreach (k, v in { one = 1, two = 2, three = 3 }) keys.append(k + v); keys.sort(); p(keys);
local order = []; foreach (v in [10, 20, 30]) { if (v == 20) continue; order.append(v); } p(order);
local nested = ""; foreach (x in [1, 2]) foreach (y in ["a", "b"]) { if (y == "b") break; nested += x + y; } p(nested);
e(function() { foreach (x in 5) p(x); });
e(function() { foreach (x in null) p(x); });
local w = [1]; local r = w.weakref(); p(typeof r, r.ref() == w);
