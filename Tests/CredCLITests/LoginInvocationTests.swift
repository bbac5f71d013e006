import CredCLI
import CredCore
import CredSession
import Testing

import struct TestSupport.Row

@Suite("Command line of login") struct LoginInvocationTests {
    @Test(
        "what login is told is understood",
        arguments: [
            Row("nothing", "login", with { _ in }),
            Row("a device", "login --device", with { $0.flow = .deviceCode }),
            Row("a browser", "login --open", with { $0.browser = .open }),
            Row("no browser", "login --no-open", with { $0.browser = .printOnly }),
            Row("a QR code", "login --qr", with { $0.qrCode = .shown }),
            Row("a key in a file", "login --key-file a/b", with { $0.key = .file("a/b") }),
            Row("a key on standard input", "login --key-file -", with { $0.key = .standardInput }),
            Row("the same with a sign", "login --key-file=-", with { $0.key = .standardInput }),
            Row("a file in this folder", "login --key-file ./-", with { $0.key = .file("./-") }),
            Row("a time", "login --timeout 60", with { $0.timeout = 60 }),
            Row("the last time", "login --timeout 60 --timeout=90", with { $0.timeout = 90 }),
            Row("the longest time", "login --timeout 86400", with { $0.timeout = 86_400 }),
            Row("a time that is too long", "login --timeout 86401", with { $0.timeout = 86_400 }),
            Row(
                "before the command", "--device --timeout 9 login",
                with {
                    $0.flow = .deviceCode
                    $0.timeout = 9
                }),
            Row(
                "JSON opens no browser", "login --json",
                with {
                    $0.layout = .json
                    $0.browser = .printOnly
                }),
            Row(
                "JSON with a browser", "login --json --open",
                with {
                    $0.layout = .json
                    $0.browser = .open
                }),
            Row(
                "JSON without a browser", "login --no-open --json",
                with {
                    $0.layout = .json
                    $0.browser = .printOnly
                }),
            Row(
                "all at once", "login x --device --qr --no-open --key-file k --timeout 1",
                with {
                    $0.flow = .deviceCode
                    $0.qrCode = .shown
                    $0.browser = .printOnly
                    $0.key = .file("k")
                    $0.timeout = 1
                }),
        ])
    func options(_ row: Row<String, LoginOptions>) throws {
        guard case .login(let options) = try Invocation(line: row.given).command else {
            Issue.record("not a login")
            return
        }
        #expect(options == row.wanted)
    }

    @Test("without options a person has five minutes and a browser opens")
    func usual() {
        let options = LoginOptions()
        #expect(options.timeout == 300)
        #expect(options.browser == .open)
        #expect(options.flow == .ofProfile)
        #expect(options.key == .terminal)
        #expect(options.layout == .words)
    }

    @Test(
        "the profile may be named as an operand, as an option, or as both alike",
        arguments: [
            Row("neither", "login", nil), Row("an operand", "login a", "a"),
            Row("an option", "login --profile a", "a"),
            Row("an option before", "--profile a login", "a"),
            Row("both alike", "login a --profile a", "a"),
            Row("the last option and the operand", "login a --profile b --profile=a", "a"),
            Row("after the dashes", "login -- --a", "--a"),
            Row("after other options", "login --timeout 5 a", "a"),
            Row("a name like a command", "login login", "login"),
        ] as [Row<String, String?>])
    func profile(_ row: Row<String, String?>) throws {
        #expect(try Invocation(line: row.given).profile.name?.description == row.wanted)
    }

    @Test("an operand of another command names no profile")
    func otherOperands() throws {
        #expect(try Invocation(line: "help login").profile.name == nil)
        #expect(try Invocation(line: "exec a").profile.name == nil)
    }

    @Test(
        "two profiles are a usage failure that names both, with a command to paste",
        arguments: ["login a --profile b", "--profile b login a", "login a --profile=b --json"])
    func twoProfiles(_ line: String) throws {
        let failure = try #require(throws: Failure.self) { try Invocation(line: line) }
        #expect(failure.kind == .usage)
        #expect(failure.because?.contains("'a'") == true)
        #expect(failure.because?.contains("'b'") == true)
        #expect(failure.remedy == "planet-cred login a")
    }

    @Test("the command to paste quotes a name that a shell would read otherwise")
    func quoted() throws {
        let failure = try #require(throws: Failure.self) {
            try Invocation(parsing: ["planet-cred", "login", "a b", "--profile", "c"]) { _ in nil }
        }
        #expect(failure.remedy == "planet-cred login 'a b'")
    }

    @Test(
        "what login does not understand is a usage failure that names the word",
        arguments: [
            Row("a browser and none", "login --open --no-open", "'--no-open'"),
            Row("the other way round", "login --json --no-open --open", "'--open'"),
            Row("two names", "login a b", "'b'"),
            Row("an unknown option", "login --browser", "'--browser'"),
            Row("another command's option", "login --min-ttl 1", "'--min-ttl'"),
            Row("a login of a login", "login --login", "'--login'"),
            Row("a format", "login --format json", "'--format'"),
            Row("a switch with a value", "login --device=yes", "'--device'"),
            Row("no time", "login --timeout", "'--timeout'"),
            Row("a time in words", "login --timeout soon", "'soon'"),
            Row("a time with a unit", "login --timeout 5m", "'5m'"),
            Row("no time at all", "login --timeout 0", "'0'"),
            Row("a time below none", "login --timeout -1", "'-1'"),
            Row("an absurd time", "login --timeout 99999999999999999999", "'999"),
            Row("no file", "login --key-file", "'--key-file'"),
            Row("a login of status", "status --login", "'--login'"),
            Row("a device for a token", "token --device", "'--device'"),
            Row("a browser for git", "get --open", "'--open'"),
        ])
    func refused(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) { try Invocation(line: row.given) }
        #expect(failure.kind == .usage)
        #expect(failure.what.contains(row.wanted))
    }

    @Test("a time that is none brings the help of the command")
    func example() throws {
        let failure = try #require(throws: Failure.self) {
            try Invocation(line: "login --timeout soon")
        }
        #expect(failure.remedy == "planet-cred help login")
    }

    /// The usual options but for this.
    private static func with(_ change: (inout LoginOptions) -> Void) -> LoginOptions {
        var options = LoginOptions()
        change(&options)
        return options
    }
}
