// One class by its exact name.
class Case extends ImpTestCase { function testA() {} }
class Case2 extends ImpTestCase { function setUp() {} function testA() {} function testB() {} }
// run: {"testClass": "Case2"}
