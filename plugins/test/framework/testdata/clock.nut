// Without hardware, on agents, time() is the clock.
clock <- 2147483000;
hardware <- null;
time <- function() { return clock; };
class Case extends ImpTestCase {
    function testJustInTime() { clock += 2; }
    function testOverrun() { clock += 3; }
}
