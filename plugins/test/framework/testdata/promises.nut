// A returned promise is waited for.
class Case extends ImpTestCase {
    function later(seconds, value, well) {
        return Promise(function(resolve, reject) {
            imp.wakeup(seconds, function() {
                assertTrue(true);
                (well ? resolve : reject)(value);
            }.bindenv(this));
        }.bindenv(this));
    }
    function setUp() { return later(0.1, "ready", true); }
    function testA() { return later(0.1, { a = [1] }, true); }
    function testB() { return later(0.1, "no", false); }
    function testC() { return later(0.3, "late", true); }
    function testD() { return later(0.15, "in time", true); }
    function testE() { return Promise(function(resolve, reject) { throw "at once"; }); }
    function testF() { return Promise(function(resolve, reject) { resolve(null); }); }
    function testG() { return later(0.1, 1, true).then(function(value) { return value + 1; }); }
    function testH() { return "no promise"; }
    function tearDown() { return later(0.1, null, false); }
}
// run: {"timeout": 0.25}
