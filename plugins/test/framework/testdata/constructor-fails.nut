// A class without an instance: each of its steps fails, the other class runs.
class Broken extends ImpTestCase {
    constructor() { throw "no instance"; }
    function testA() {}
    function testB() {}
}
class Whole extends ImpTestCase {
    made = null;
    constructor() { made = "made"; }
    function testA() { return made; }
}
