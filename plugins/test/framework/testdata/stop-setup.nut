// With stop on failure a failing setUp is the end.
class Case extends ImpTestCase {
    function setUp() { throw "not ready"; }
    function testA() { return "ran"; }
}
// run: {"stopOnFailure": true}
