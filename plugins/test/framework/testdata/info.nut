// Messages to the user and commands to the computer.
class Case extends ImpTestCase {
    function testA() {
        info("hello");
        info();
        info({ a = [1, "é"] });
        runCommand("echo \"a\"\n");
        runCommand();
    }
}
