// One method by its exact name; the class's setUp and tearDown go with it.
class Case extends ImpTestCase {
    function setUp() {}
    function testA() {}
    function testAB() {}
    function tearDown() {}
}
class Other extends ImpTestCase { function testB() {} }
// run: {"testClass": "Case", "testCase": "testA"}
