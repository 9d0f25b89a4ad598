// Blobs.
function p(...) { local s = ""; foreach (v in vargv) s += (v == null ? "null" : v.tostring()) + " "; print(s + "\n"); }
function e(f) { try { p("ok", f()); } catch (x) p("error:", x); }
local b = blob(4); p(b.len(), b.tell(), b[0], typeof b); b[0] = 0x141; p(b[0]); b[1] = 255; b[2] = -1; p(b[1], b[2]);
e(@() b[9]); e(function() { b[9] = 1; }); e(function() { b[0] = "x"; });
b.seek(0); b.writen(1, 'b'); b.writen(-2, 'c'); b.writen(-3, 's'); p(b.len(), b.tell()); b.writen(65535, 'w'); b.writen(-100000, 'i'); b.writen(1.5, 'f'); b.writen(2.5, 'd'); p(b.len());
b.seek(0); p(b.readn('b'), b.readn('c'), b.readn('s'), b.readn('w'), b.readn('i'), b.readn('f'), b.readn('d'), b.eos() != null); e(@() b.readn('b')); e(@() b.readn('q'));
p(b.seek(-2, 'e'), b.tell(), b.seek(1, 'c'), b.tell(), b.seek(0, 'b'), b.tell());
local c = b.readblob(3); p(c.len(), c[0], c[1], c[2]); b.writeblob(c); p(b.tell(), b[3], b[4]); b.resize(2); p(b.len(), b.tell());
local s = blob(4); s[0] = 1; s[1] = 2; s[2] = 3; s[3] = 4; s.swap2(); p(s[0], s[1], s[2], s[3]); s.swap4(); p(s[0], s[1], s[2], s[3]);
local sum = 0; foreach (i, x in s) sum += i * x; p(sum); local d = clone s; d[0] = 99; p(s[0], d[0]);
p(casti2f(1065353216), swap4(1), swap2(1)); e(@() s.readblob(100).len()); p(s.eos() != null); e(@() s.readblob(1));
