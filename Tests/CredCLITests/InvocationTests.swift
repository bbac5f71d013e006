import CredCLI
import CredCore
import CredSession
import Testing

import struct TestSupport.Example
import struct TestSupport.Row

@Suite("Command line") struct InvocationTests {
    @Test(
        "a command is understood",
        arguments: [
            Row("get", "get", "get"), Row("store", "store", "store"),
            Row("erase", "erase", "erase"), Row("capability", "capability", "capability"),
            Row("token", "token", "token raw"), Row("header", "header", "token header"),
            Row("a format", "token --format json", "token json"),
            Row("the last format counts", "token --format json --format=curl", "token curl"),
            Row("a margin", "token --min-ttl 600", "token raw min 600"),
            Row("no margin", "header --min-ttl=0", "token header min 0"),
            Row("a refused token", "token --rejected", "token raw refused"),
            Row("USE-04: a hook", "token --hook", "token raw hook"),
            Row("USE-04: a hook for a header", "header --hook", "token header hook"),
            Row("exec", "exec -- true", "exec 3"),
            Row("exec without dashes", "exec true", "exec 2"),
            Row("exec and options", "--profile a exec --env B -v -- env -v", "exec 8 B"),
            Row("dashes twice", "exec -- -- x", "exec 3"),
            Row("variables", "exec --env A --env=B={profile} true", "exec 5 A B"),
            Row("exec and a margin", "exec --min-ttl 9 true", "exec 4 min 9"),
            Row("status", "status", "status chosen table"),
            Row("as JSON", "status --json", "status chosen json"),
            Row("of one", "status a", "status chosen table"),
            Row("of all profiles", "status --all --json", "status all json"),
            Row("of a host", "status --host a.example", "status a.example table"),
            Row(
                "of a URL", "status --host https://a.example:8443/b", "status a.example:8443 table"),
            Row("logout", "logout", "logout chosen"), Row("of one", "logout a", "logout chosen"),
            Row("of all", "logout --all", "logout all"),
            Row("inspect", "inspect", "inspect table"),
            Row("inspect, asking", "inspect --json --remote --verify", "inspect json keys opinion"),
            Row("completions", "completions zsh", "completions zsh"), Row("help", "help", "help"),
            Row("help for one", "help token", "help token"),
            Row("a page", "help hosts", "help page hosts"), Row("version", "version", "version"),
            Row("renew", "--profile a renew", "renew"),
            Row("background", "background", "background"),
            Row("browse", "browse https://a.example/?b", "browse https://a.example/?b"),
            Row("a word after the dashes", "-- token", "token raw"),
            Row("help wins", "token --min-ttl x --help", "help token"),
            Row("help wins over version", "--version -h", "help"),
            Row("help wins over two profiles", "login a --profile b --help", "help login"),
            Row("version wins", "exec --version", "version"),
            Row("login", "login", "login"),
            Row("a token, after a login", "token --login", "token raw attended"),
            Row("a header, after a login", "header --login", "token header attended"),
            Row("git's, after a login", "get --login", "get attended"),
            Row("exec, after a login", "exec --login -- true", "exec 4 attended"),
            Row("exec of a login", "exec true --login", "exec 2"),
            Row("help for login", "login --help", "help login"),
        ])
    func commands(_ row: Row<String, String>) throws {
        #expect(try Invocation(line: row.given).command.summary == row.wanted)
    }

    @Test(
        "the options of every command may stand before or after it",
        arguments: [
            Row("nothing", "token", Common()),
            Row("a profile", "--profile a token", Common(name: "a")),
            Row("after the command", "token --profile=a", Common(name: "a")),
            Row("a value with a sign", "token --profile=a=b", Common(name: "a=b")),
            Row("a value like an option", "token --profile --no-save", Common(name: "--no-save")),
            Row("a file", "--profile-file /a token", Common(file: "/a")),
            Row("standard input", "token --profile-file -", Common(file: "-")),
            Row("nothing kept", "token --no-save", Common(storage: .memoryOnly)),
            Row("verbose", "token -v", Common(isVerbose: true)),
            Row("in full", "--verbose token", Common(isVerbose: true)),
            Row("an operand", "logout a", Common(name: "a")),
            Row("an operand and an option of one mind", "logout a --profile A", Common(name: "a")),
            Row("an option beside no operand", "logout --profile a", Common(name: "a")),
            Row("the command's own", "exec true --profile b -v", Common()),
        ])
    func common(_ row: Row<String, Common>) throws {
        let invocation = try Invocation(line: row.given)
        #expect(invocation.profile.name?.description == row.wanted.name)
        #expect(invocation.profile.file == row.wanted.file)
        #expect(invocation.profile.storage == row.wanted.storage)
        #expect(invocation.isVerbose == row.wanted.isVerbose)
    }

    @Test(
        "a name that would lead out of the folder of profiles is a failure, unless help is wanted",
        arguments: [
            Example("empty", "token --profile="), Example("up", "token --profile ../m2m"),
            Example("hidden", "login .m2m"),
        ])
    func badName(_ example: Example<String>) throws {
        let failure = try #require(throws: Failure.self) { try Invocation(line: example.given) }
        #expect(failure.kind == .profile)
        #expect(try Invocation(line: "\(example.given) --help").profile.name == nil)
    }

    @Test(
        "a variable keeps nothing, as the option does",
        arguments: [
            Row("neither", [:], .saved), Row("one", ["PLANET_CRED_NO_SAVE": "no"], .memoryOnly),
            Row("another", ["PLANET_CRED_SAVE": "1"], .saved),
        ] as [Row<[String: String], ProfileRequest.Storage>])
    func noSave(_ row: Row<[String: String], ProfileRequest.Storage>) throws {
        let invocation = try Invocation(line: "token", with: row.given)
        #expect(invocation.profile.storage == row.wanted)
    }

    @Test(
        "what is not understood is a usage failure that names the word",
        arguments: [
            Row("an unknown command", "tokn", "'tokn'"), Row("a path", "/token", "'/token'"),
            Row("a lone dash", "-", "'-'"),
            Row("an unknown option", "token --fromat x", "'--fromat'"),
            Row("an unknown letter", "token -x", "'-x'"), Row("two letters", "token -vh", "'-vh'"),
            Row("a switch with a value", "token --no-save=1", "'--no-save'"),
            Row("no value", "token --profile", "'--profile'"),
            Row("another command's option", "status --min-ttl 1", "'--min-ttl'"),
            Row("an operand too many", "token extra", "'extra'"),
            Row("two operands too many", "help a b", "'b'"),
            Row("an unknown format", "token --format yaml", "'yaml'"),
            Row("a margin in words", "token --min-ttl soon", "'soon'"),
            Row("a margin below none", "token --min-ttl -5", "'-5'"),
            Row("a margin with a unit", "token --min-ttl 5m", "'5m'"),
            Row("an absurd margin", "token --min-ttl 99999999999999999999", "'999"),
            Row("two profiles", "logout a --profile b", "'logout'"),
            Row("two operands", "logout a b", "'b'"), Row("one of all", "logout a --all", "'a'"),
            Row("an option of all", "--profile a logout --all", "'--profile'"),
            Row("all of a file", "logout --all --profile-file /a", "'--profile-file'"),
            Row("all of nothing", "logout --all --no-save", "'--no-save'"),
            Row("an operand for nothing", "inspect a", "'a'"),
            Row("an unknown shell", "completions csh", "'csh'"),
            Row("no shell", "completions", "'completions'"),
            Row("help for nothing", "help nothing", "'nothing'"),
            Row("help for what nobody types", "help renew", "'renew'"),
            Row("exec of nothing", "exec", "'exec'"), Row("exec of no words", "exec --", "'exec'"),
            Row("a variable that is none", "exec --env 1A true", "'1A'"),
            Row("an unknown placeholder", "exec --env A={x} true", "'A'"),
        ])
    func refused(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) { try Invocation(line: row.given) }
        #expect(failure.kind == .usage)
        #expect(failure.what.contains(row.wanted))
    }

    @Test("no command at all is a usage failure")
    func nothing() throws {
        let failure = try #require(throws: Failure.self) { try Invocation(line: "") }
        #expect(failure.kind == .usage)
        #expect(failure.remedy == "planet-cred help")
    }

    @Test(
        "a word that is nearly right brings the right one",
        arguments: [
            Row("a command", "tokne", "planet-cred token"),
            Row("a format", "token --format jsno", "planet-cred token --format json"),
        ])
    func nearest(_ row: Row<String, String>) throws {
        #expect(
            try #require(throws: Failure.self) { try Invocation(line: row.given) }.remedy
                == row.wanted)
    }

    @Test("an option that is nearly right brings the right one")
    func nearestOption() throws {
        let failure = try #require(throws: Failure.self) {
            try Invocation(line: "token --profil a")
        }
        #expect(failure.because?.contains("'--profile'") == true)
    }

    @Test(
        "for git a word that we do not know is its future, and no mistake",
        arguments: [
            Row("by path", "/usr/lib/git-core/git-credential-planet", "nothing"),
            Row("by name", "git-credential-planet", "nothing"),
        ])
    func git(_ row: Row<String, String>) throws {
        let invocation = try Invocation(parsing: [row.given, "future"]) { _ in nil }
        #expect(invocation.command.summary == row.wanted)
        let failure = try #require(throws: Failure.self) {
            try Invocation(parsing: [row.given]) { _ in nil }
        }
        #expect(failure.kind == .usage)
    }

    @Test("git gives an option of its helper to each command", arguments: ["store", "erase"])
    func optionOfHelper(_ command: String) throws {
        let words = ["--login", command]
        #expect(throws: Never.self) {
            try Invocation(parsing: ["git-credential-planet"] + words) { _ in nil }
        }
        let failure = try #require(throws: Failure.self) {
            try Invocation(parsing: ["planet-cred"] + words) { _ in nil }
        }
        #expect(failure.kind == .usage)
    }

    struct Common: Sendable {
        var name: String?
        var file: String?
        var storage = ProfileRequest.Storage.saved
        var isVerbose = false
    }
}

extension Command {
    /// The command in words, for tables.
    fileprivate var summary: String {
        switch self {
        case .get(let loginPolicy): "get\(loginPolicy.summary)"
        case .erase: "erase"
        case .store: "store"
        case .nothing: "nothing"
        case .capability: "capability"
        case .token(let format, let requirement, let loginPolicy):
            "token \(format.rawValue)\(requirement.summary)\(loginPolicy.summary)"
        case .exec(let firstWord, let variables, let requirement, let loginPolicy):
            "exec \(firstWord)\(variables.map { " \($0.name)" }.joined())\(requirement.summary)"
                + loginPolicy.summary
        case .login(let options): "login\(options.summary)"
        case .status(let subject, let layout): "status \(subject.summary) \(layout)"
        case .logout(let scope): "logout \(scope)"
        case .inspect(let layout, let questions):
            "inspect \(layout)\(questions.map { " \($0)" }.sorted().joined())"
        case .profileUse: "profile use"
        case .profileCheck(let layout): "profile check \(layout)"
        case .doctor(let layout, let timeout): "doctor \(layout) \(timeout)"
        case .completions(let shell): "completions \(shell.rawValue)"
        case .help(.overview): "help"
        case .help(.command(let command)): "help \(command.name)"
        case .help(.page(let page)): "help page \(page.rawValue)"
        case .version: "version"
        case .renew: "renew"
        case .background: "background"
        case .browse(let url): "browse \(url)"
        }
    }
}

extension StatusSubject {
    fileprivate var summary: String {
        switch self {
        case .chosen: "chosen"
        case .all: "all"
        case .host(let origin): origin.authority
        }
    }
}

extension LoginPolicy {
    fileprivate var summary: String { self == .attended ? " attended" : "" }
}

extension LoginOptions {
    /// What differs from a plain `login`.
    fileprivate var summary: String {
        let usual = LoginOptions()
        var words: [String] = []
        if flow != usual.flow { words.append("\(flow)") }
        if browser != usual.browser { words.append("\(browser)") }
        if qrCode != usual.qrCode { words.append("qr") }
        if key != usual.key { words.append("\(key)") }
        if timeout != usual.timeout { words.append("\(timeout) s") }
        if layout != usual.layout { words.append("\(layout)") }
        return words.map { " \($0)" }.joined()
    }
}

extension TokenRequirement {
    fileprivate var summary: String {
        (minimumLife.map { " min \($0)" } ?? "") + (refused == .latest ? " refused" : "")
            + (refused == .handedToCaller ? " hook" : "")
    }
}
