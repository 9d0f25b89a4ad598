// The same when the failure comes later.
class Case extends ImpTestCase {
    function testA() { return Promise(function(resolve, reject) { imp.wakeup(0.1, function() { reject("no"); }); }); }
    function testB() {}
    function tearDown() {}
}
// run: {"stopOnFailure": true}
