// Every assertion, passing and failing.
class Case extends ImpTestCase {
    function testBetween() {
        assertBetween(2, 1, 3);
        assertBetween(2, 3, 1);
        assertBetween(1, 1, 1);
        assertBetween(1.5, 1, 2);
        assertBetween(5, 4, 1);
    }
    function testBetweenBelow() { assertBetween(-1, 0, 4); }
    function testBetweenMessage() { assertBetween(5, 4, 1, "%s to %s, not %s"); }
    function testClose() {
        assertClose(1, 1.5, 0.5);
        assertClose(1.5, 1, 0.5);
        assertClose(16777217, 16777217, 0);
        assertClose(1, 3, 1.5);
    }
    function testCloseIntegers() { assertClose(16777216, 16777217, 0); }
    function testCloseMessage() { assertClose(3, 1, 1.5, "%s|%s|%s"); }
    function testEqual() {
        assertEqual(1, 1);
        assertEqual(1, 1.0);
        assertEqual("a", "a");
        assertEqual(null, null);
        assertEqual(1, 2);
    }
    function testEqualMessage() { assertEqual(1, "b", "%s is not %s"); }
    function testEqualNull() { assertEqual("a", null); }
    function testEqualPercent() { assertEqual(1, 2, "100%"); }
    function testGreater() {
        assertGreater(2, 1);
        assertGreater(1.5, 1);
        assertGreater(1, 1);
    }
    function testGreaterMessage() { assertGreater(1, 2, "%s not above %s"); }
    function testLess() {
        assertLess(2, 2.5);
        assertLess(3, 1);
    }
    function testLessMessage() { assertLess(3, 1, "%s not below %s"); }
    function testThrows() {
        local error = assertThrowsError(function(a, b) { throw a + b + this.c; }, { c = 3 }, [1, 2]);
        assertEqual(6, error);
        assertEqual("x", assertThrowsError(function() { throw "x"; }, this));
        assertThrowsError(function() {}, this);
    }
    function testThrowsMessage() { assertThrowsError(function(a) { return a; }, this, [1], "calm"); }
    function testTrue() {
        assertTrue(true);
        assertTrue(1);
        assertTrue("");
        assertTrue({});
        assertTrue(false);
    }
    function testTrueMessage() { assertTrue(0, "100% %s"); }
    function testTrueNull() { assertTrue(null); }
    function testTrueTable() { assertTrue(false, { why = "so" }); }
    function testZCount() { return assertions; }
}
