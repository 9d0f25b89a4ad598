// Two runners side by side: each message names its session.
class Case extends ImpTestCase {
    function testA() {
        return Promise(function(resolve, reject) {
            imp.wakeup(0.1, function() {
                info(session);
                resolve(1);
            }.bindenv(this));
        }.bindenv(this));
    }
}
// run: {"sessions": ["one", "q\"uote"]}
