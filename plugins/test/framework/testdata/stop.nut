// Stop on failure: straight to the result.
class Case extends ImpTestCase {
    function testA() { assertTrue(true); }
    function testB() { assertTrue(false); }
    function testC() {}
    function tearDown() {}
}
// run: {"stopOnFailure": true}
