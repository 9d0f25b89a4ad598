// Nothing selected is an empty session.
class Case extends ImpTestCase { function testA() {} }
// run: {"testClass": "Cas"}
