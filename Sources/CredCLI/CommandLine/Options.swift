/// The row of an option in the table that parser, help, manual and completions read.
package struct OptionSpecification: Sendable {
    /// The name, without the two dashes.
    package let name: String
    /// The short form, without the dash.
    package var letter: Character?
    /// The value; `nil` for an option without one.
    package var value: ValueSpecification?
    /// Whether every occurrence counts, not only the last one.
    package var isRepeatable = false
    /// Whether every command takes it.
    package var isCommon = false
    /// The description in one clause, without a capital and a full stop.
    package let summary: String

    /// The table, in the order of the help. Nothing knows a row that is missing here.
    package static let rows: [OptionSpecification] = [
        profile, profileFile, noSave, verbose, help, version,
        format, minimumLife, rejected, hook, environment, json,
        login, device, open, noOpen, qrCode, keyFile, timeLimit, all, host, remote, verify,
        locks,
    ]

    package static var common: [OptionSpecification] { rows.filter { $0.isCommon } }

    /// The summary, followed by the words to choose from.
    var explanation: String {
        let choices = value?.choices ?? []
        return choices.isEmpty ? summary : "\(summary): \(choices.joined(separator: ", "))"
    }
}

/// Rows are equal if they have the same name.
extension OptionSpecification: Equatable {
    package static func == (one: OptionSpecification, other: OptionSpecification) -> Bool {
        one.name == other.name
    }
}

/// The value of an option or a command: its placeholder in help texts, and how a shell completes
/// it.
package enum ValueSpecification: Sendable {
    /// Text that cannot be completed.
    case text(String)
    /// The name of a profile.
    case profile(String)
    /// A file.
    case path(String)
    /// One of a few words, which also serve as the placeholder if there is no other.
    case choice(String? = nil, of: @Sendable () -> [String])

    package var name: String {
        switch self {
        case .text(let name), .profile(let name), .path(let name): name
        case .choice(let name, let words): name ?? words().joined(separator: "|")
        }
    }

    /// The words to choose from; empty if there is no list.
    package var choices: [String] {
        switch self {
        case .text, .profile, .path: []
        case .choice(_, let words): words()
        }
    }

    var isPath: Bool {
        if case .path = self { true } else { false }
    }
}

extension OptionSpecification {
    // Options of every command.

    package static let profile = OptionSpecification(
        name: "profile", value: .profile("NAME"), isCommon: true,
        summary: "use this profile from ~/.planet")

    package static let profileFile = OptionSpecification(
        name: "profile-file", value: .path("PATH|-"), isCommon: true,
        summary: "read the profile from a file, or from standard input (-)")

    package static let noSave = OptionSpecification(
        name: "no-save", isCommon: true,
        summary: "keep everything in memory; do not read or write the home directory")

    package static let verbose = OptionSpecification(
        name: "verbose", letter: "v", isCommon: true,
        summary: "show every step on standard error, without secrets")

    package static let help = OptionSpecification(
        name: "help", letter: "h", isCommon: true, summary: "show help for the command and exit")

    package static let version = OptionSpecification(
        name: "version", isCommon: true, summary: "print the version and exit")

    // Options of some.

    package static let format = OptionSpecification(
        name: "format", value: .choice("FORMAT", of: { TokenFormat.allCases.map { $0.rawValue } }),
        summary: "output format")

    package static let minimumLife = OptionSpecification(
        name: "min-ttl", value: .text("SECONDS"),
        summary: "require a token that is valid for more than this many seconds")

    package static let rejected = OptionSpecification(
        name: "rejected", summary: "get a new token, because a server has rejected the last one")

    package static let hook = OptionSpecification(
        name: "hook", summary: "get another token if the same program asks twice in a minute")

    package static let environment = OptionSpecification(
        name: "env", value: .text("NAME[=TEMPLATE]"), isRepeatable: true,
        summary:
            "set another variable; {token}, {authorization}, {expires_at} and {profile} are replaced"
    )

    package static let json = OptionSpecification(
        name: "json", summary: "print JSON, for programs")

    package static let login = OptionSpecification(
        name: "login", summary: "log in first if that is needed and there is a terminal")

    package static let device = OptionSpecification(
        name: "device", summary: "log in with a code that is entered on any device")

    package static let open = OptionSpecification(
        name: "open", summary: "open a browser even with --json")

    package static let noOpen = OptionSpecification(
        name: "no-open", summary: "print the URL and do not open a browser")

    package static let qrCode = OptionSpecification(
        name: "qr", summary: "also show the URL as a QR code (requires qrencode)")

    package static let keyFile = OptionSpecification(
        name: "key-file", value: .path("PATH|-"),
        summary: "read the API key from a file, or from standard input (-)")

    package static let timeLimit = OptionSpecification(
        name: "timeout", value: .text("SECONDS"),
        summary: "how long to wait; the default is 300 for login, 60 for doctor")

    package static let locks = OptionSpecification(
        name: "locks",
        summary: "check, with a second process on another host, that locks are shared")

    package static let all = OptionSpecification(
        name: "all",
        summary: "show every profile, or log out of every one that has a token file")

    package static let host = OptionSpecification(
        name: "host", value: .text("HOST"),
        summary: "show which profile git would use for this host, and why not the others")

    package static let remote = OptionSpecification(
        name: "remote", summary: "also ask the server whether the token is valid")

    package static let verify = OptionSpecification(
        name: "verify",
        summary: "verify signature, issuer, audience and times with the keys of the server")
}
