// What the root table has to offer to the tests and to the code around them.
class Case extends ImpTestCase {
    function testA() {
        local root = getroottable(), exports = root.__module_impUnit_exports;
        assertTrue(exports.ImpTestCase == root.ImpTestCase && root.ImpTestCase == ImpTestCase);
        assertTrue(exports.ImpUnitRunner == root.ImpUnitRunner);
        assertTrue("Promise" in root && "JSONEncoder" in root);
        local fresh = ImpUnitRunner();
        return [fresh.timeout, fresh.readableOutput, fresh.stopOnFailure, fresh.session, fresh.testClass, fresh.testCase,
            fresh.tests, fresh.assertions, fresh.failures, ImpTestCase().runner, ImpTestCase().session];
    }
    function testMark() {
        __module_impUnit_exports.mark("loading");
        __module_impUnit_exports.mark("loaded", session);
    }
}
