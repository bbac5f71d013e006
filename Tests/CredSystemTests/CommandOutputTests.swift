import CredCore
import CredSystem
import TestSupport
import Testing

@Suite("Secrets from commands", .inTurn) struct CommandOutputTests {
    @Test(
        "the secret is the first line that the command prints",
        arguments: [
            Row("a line", "echo secret", "secret"), Row("no line end", "printf secret", "secret"),
            Row("a line end of Windows", #"printf 'secret\r\n'"#, "secret"),
            Row("more lines", "echo secret; echo login: me", "secret"),
            Row("spaces", "echo ' a b '", " a b "), Row("letters", "echo ä漢", "ä漢"),
            Row("words on the side", "echo note >&2; echo secret", "secret"),
        ])
    func secret(_ row: Row<String, String>) throws {
        #expect(try CommandOutput.firstLine(of: .shell(row.given)) == Secret(row.wanted))
    }

    @Test("a list of words is started without a shell")
    func words() throws {
        let program = CommandLineProgram.arguments(["printf", "%s", "$HOME 'x'"])
        #expect(try CommandOutput.firstLine(of: program) == Secret("$HOME 'x'"))
    }

    @Test(
        "a command that gives no secret is a fault of the profile, with the reason",
        arguments: [
            Row("nothing", "true", "printed nothing"),
            Row("an empty line", "echo", "printed nothing"),
            Row("no UTF-8", #"printf '\377\n'"#, "not UTF-8"),
            Row("nothing but words on the side", "echo locked >&2", "printed nothing: locked"),
            Row("a status", "echo SECRET; echo locked >&2; exit 3", "status 3: locked"),
            Row("a signal", "kill -9 $$", "signal 9"),
            Row("too much", "exec cat /dev/zero", "1 MiB"),
        ])
    func failure(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) {
            try CommandOutput.firstLine(of: .shell(row.given))
        }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains(row.wanted) == true)
        #expect(failure.because?.contains("SECRET") == false)
    }

    @Test("a reason ends where the command says nothing of it")
    func silent() throws {
        let failure = try #require(throws: Failure.self) {
            try CommandOutput.firstLine(of: .shell("exit 3"))
        }
        #expect(failure.because == "/bin/sh -c ...: it exited with status 3")
    }

    @Test("a command that is not there is told as such")
    func missing() throws {
        let failure = try #require(throws: Failure.self) {
            try CommandOutput.firstLine(of: .arguments(["/missing/pass", "show"]))
        }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("/missing/pass: ") == true)
    }
}
