// Classes below other test classes, whether these are in the root table or not.
class Base extends ImpTestCase {
    function setUp() { return "base"; }
    function testOfBase() { return who(); }
    function who() { return "Base"; }
}
local hidden = class extends Base { function testOfHidden() { return who(); } };
class Leaf extends hidden {
    function who() { return "Leaf"; }
    function testOfLeaf() { return base.who() + who(); }
}
