// A test that takes too long without a promise; the clock is its own.
ticks <- 1000;
hardware <- { millis = function() { return ticks; } };
class Case extends ImpTestCase {
    function testJustInTime() { ticks += 2000; }
    function testOverrun() {
        assertTrue(true);
        ticks += 2500;
    }
    function testThrows() {
        ticks += 2500;
        throw "the error says more than the time";
    }
    function tearDown() { ticks += 3000; }
}
