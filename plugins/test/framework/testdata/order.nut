// setUp, the tests by name, tearDown, all on one instance; what is not a test method is not run.
class Case extends ImpTestCase {
    seen = "";
    testData = [1];
    function tearDown() { return seen; }
    function testb() { seen += "b"; }
    function testZ() { seen += "Z"; }
    function test() { seen += "-"; }
    function test10() { seen += "10"; }
    function test2() { seen += "2"; }
    function helper() { seen += "helper"; }
    function Test() { seen += "Test"; }
    function setUp() {
        seen += "s";
        return [session, runner.session];
    }
}
class Other { function testNever() {} }
table <- { Case = class extends ImpTestCase { function testNever() {} } };
