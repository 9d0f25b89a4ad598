// A failing setUp is a failure, but the tests run.
class Case extends ImpTestCase {
    function setUp() { throw "not ready"; }
    function testA() { return "ran"; }
    function tearDown() { nowhere(); }
}
