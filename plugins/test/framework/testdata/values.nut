// What tests return and throw, however nasty, arrives as JSON. In .want "~x" is any text that begins with x.
class Case extends ImpTestCase {
    function text(...) {
        local s = "";
        foreach (c in vargv) s += c.tochar();
        return s;
    }
    function testArray() { return [1, -2, 2.5, true, false, null, "s", [], {}]; }
    function testBlob() { return [blob(3)]; }
    function testBool() { return false; }
    function testClass() { return class { a = 1; function f() {} }; }
    function testControls() {
        local s = "";
        for (local c = 1; c < 32; c++) s += c.tochar();
        return s + text(127);
    }
    function testCycle() {
        local t = { a = 1 };
        t.t <- [t];
        return t;
    }
    function testDeep() {
        local a = 1;
        for (local i = 0; i < 40; i++) a = [a];
        return a;
    }
    function testEmpty() { return ""; }
    function testFloats() { return [0.5, -1.25, 100000.0, 1.0 / 3, -5000000000.0, 0.00001]; }
    function testFunction() { return [testEmpty]; }
    function testInfinite() { return [1e30 * 1e30, -1e30 * 1e30]; }
    function testInstance() { return class { a = 1; function f() {} }(); }
    function testInvalidUTF8() {
        return [
            text(0x80), text(0xFF, 0x41), text(0xC3), text(0xE2, 0x82), text(0xC0, 0xAF), text(0xE0, 0x80, 0xAF),
            text(0xED, 0xA0, 0x80), text(0xF4, 0x90, 0x80, 0x80), text(0xF0, 0x8F, 0xBF, 0xBF), text(0xF8, 0x88),
            text(0x41, 0xC3, 0x42, 0xC3, 0xA9, 0x43)
        ];
    }
    function testKeys() {
        local t = {};
        t["q\"\\\n" + text(1, 0xFF)] <- "k";
        t[7] <- "i";
        t[true] <- "b";
        return t;
    }
    function testLong() {
        local s = "0123456789";
        while (s.len() < 9000) s += s;
        return [s, s];
    }
    function testMany() { return array(5000); }
    function testNaN() {
        local inf = 1e30 * 1e30;
        return [inf - inf];
    }
    function testNothing() {}
    function testQuotes() { return "\"\\/\r\n\t\x0b"; }
    function testSerialize() { return [class { function _serialize() { return { q = [1] }; } }()]; }
    function testSerializeItself() { return class { function _serialize() { return this; } }(); }
    function testSerializeRaw() { return class { function _serializeRaw() { return "{\"broken"; } }(); }
    function testSerializeThrows() {
        return [class { function _serialize() { throw "no"; } }(), class { function _serializeRaw() { return nowhere(); } }(), 3];
    }
    function testTableFunction() { return { f = testEmpty }; }
    function testGenerator() {
        local count = function() { yield 1; };
        return count();
    }
    function testThrowNull() { throw null; }
    function testThrowTable() { throw { a = ["x\"y"] }; }
    function testUTF8() { return "é€😀" + text(0xF4, 0x8F, 0xBF, 0xBF); }
    function testWide() {
        local t = [];
        for (local i = 0; i < 30; i++) t = [t, t];
        info(t);
    }
}
