// Deep comparison: where the paths lead, and what is not looked into.
class Case extends ImpTestCase {
    function nested(depth) {
        local t = null;
        for (local i = 0; i < depth; i++) t = { n = t };
        return t;
    }
    function bytes(list) {
        local b = blob(list.len());
        foreach (i, byte in list) b[i] = byte;
        return b;
    }
    function testAbsent() { assertDeepEqual({ a = 1 }, {}); }
    function testAbsentElement() { assertDeepEqual([1, 2, 3], [1, 2]); }
    function testAbsentMessage() { assertDeepEqual({ a = 1 }, {}, "at %s: %s, %s"); }
    function testAbsentNull() { assertDeepEqual({ a = null }, {}); }
    function testBlob() { assertDeepEqual({ a = bytes([1, 2]) }, { a = bytes([1, 2]) }); }
    function testBlobContent() { assertDeepEqual({ a = bytes([1, 2]) }, { a = bytes([1, 3]) }); }
    function testBlobLength() { assertDeepEqual(bytes([1, 2]), bytes([1, 2, 3])); }
    function testClass() { assertDeepEqual(class { a = [1]; }, class { a = [2]; }); }
    function testClassSurplus() { assertDeepEqual(class { a = [1]; }, class { a = [1]; b = 2; }); }
    function testCycle() {
        local t = {};
        t.self <- [t];
        assertDeepEqual(t, t);
    }
    function testDepth32() { assertDeepEqual(nested(32), nested(32)); }
    function testDepth33() { assertDeepEqual(nested(33), nested(33)); }
    function testForwardFirst() { assertDeepEqual([[1], 1], [[1, 2], 2]); }
    function testMessage() { assertDeepEqual({ a = [1] }, { a = [2] }, "at %s: %s, %s"); }
    function testNull() { assertDeepEqual(null, null); }
    function testPath() { assertDeepEqual({ a = { b = [1, 2, 3] } }, { a = { b = [1, 2, 4] } }); }
    function testSame() {
        local t = { a = 1 };
        assertDeepEqual({ x = t, y = [t, [], {}], z = 1.5 }, { x = { a = 1 }, y = [t, [], {}], z = 1.5 });
        return assertions;
    }
    function testScalar() { assertDeepEqual("a", "b"); }
    function testSurplus() { assertDeepEqual({}, { a = 1 }); }
    function testSurplusElement() { assertDeepEqual([1, [2]], [1, [2, 3]]); }
    function testType() { assertDeepEqual(1, 1.0); }
    function testTypeInside() { assertDeepEqual({ a = [{}] }, { a = [[]] }); }
    function testTypeMessage() { assertDeepEqual({ a = 1 }, { a = null }, "%s %s %s"); }
}
