import CredCore
import TestSupport
import Testing

@Suite("World") struct WorldTests {
    @Test(
        "a random number stays within its bound",
        arguments: [
            Row("nothing", 0, 0), Row("below nothing", -5, 0), Row("the least", .min, 0),
            Row("one", 1, 1), Row("ten", 10, 4), Row("the most", .max, .max),
        ])
    func bounds(_ row: Row<Int64, Int64>) {
        var world = World.still
        world.clock.random = { [UInt8](repeating: 0xFF, count: $0) }
        #expect(world.clock.random(upTo: row.given) == row.wanted)
    }

    @Test("a program is named by its first word, and a shell command by nothing that it says")
    func programs() {
        #expect(CommandLineProgram.shell("pass show x").name == "/bin/sh -c ...")
        #expect(CommandLineProgram.arguments(["pass", "show"]).name == "pass")
    }
}
