// For people: no JSON around the messages.
class Case extends ImpTestCase {
    function testA() {
        info("i");
        return "fine";
    }
    function testB() { return { a = 1 }; }
    function testC() { throw "bad"; }
}
// run: {"readableOutput": true}
