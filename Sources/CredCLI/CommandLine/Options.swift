/// The options of the command line: parser, help, completions and manual all read this table. The
/// raw value is what is typed after the dashes.
package enum OptionName: String, Hashable, Sendable, CaseIterable {
    case profile
    case profileFile = "profile-file"
    case noSave = "no-save"
    case verbose, help, version
    case format
    case minimumLife = "min-ttl"
    case rejected
    case environment = "env"
    case json
    case login, device, open
    case noOpen = "no-open"
    case qrCode = "qr"
    case keyFile = "key-file"
    case timeLimit = "timeout"
    case all
    case remote, verify

    /// Those that every command takes.
    package static let common = allCases.filter { $0.isCommon }

    var isCommon: Bool {
        switch self {
        case .profile, .profileFile, .noSave, .verbose, .help, .version: true
        case .format, .minimumLife, .rejected, .environment, .json, .login, .device, .open, .noOpen,
            .qrCode, .keyFile, .timeLimit, .all, .remote, .verify:
            false
        }
    }

    package var letter: Character? {
        switch self {
        case .verbose: "v"
        case .help: "h"
        case .profile, .profileFile, .noSave, .version, .format, .minimumLife, .rejected,
            .environment, .json, .login, .device, .open, .noOpen, .qrCode, .keyFile, .timeLimit,
            .all, .remote, .verify:
            nil
        }
    }

    /// What stands for its value in help texts; `nil` for a switch.
    package var value: String? {
        switch self {
        case .profile: "NAME"
        case .profileFile: "PATH|-"
        case .format: "FORMAT"
        case .minimumLife, .timeLimit: "SECONDS"
        case .environment: "NAME[=TEMPLATE]"
        case .keyFile: "PATH|-"
        case .noSave, .verbose, .help, .version, .rejected, .json, .login, .device, .open, .noOpen,
            .qrCode, .all, .remote, .verify:
            nil
        }
    }

    /// The values to offer, where they are few.
    package var choices: [String] {
        self == .format ? TokenFormat.allCases.map { $0.rawValue } : []
    }

    /// What it does, in one clause without a capital or a full stop.
    package var summary: String {
        switch self {
        case .profile: "use this profile of ~/.planet"
        case .profileFile: "take the profile from a file, or from standard input"
        case .noSave: "keep everything in memory; neither read nor write in the home folder"
        case .verbose: "show every step on standard error, without secrets"
        case .help: "explain the command and stop"
        case .version: "print the version and stop"
        case .format: "how to print the token"
        case .minimumLife: "the token must be good for more than so many seconds"
        case .rejected: "a server did not take the last token; get another"
        case .environment:
            "set one more variable; {token}, {authorization}, {expires_at} and {profile} are replaced"
        case .json: "print JSON for a program to read"
        case .login: "log in first where that is needed and a terminal is there"
        case .device: "show a code to be entered on another device"
        case .open: "open a browser, with --json too"
        case .noOpen: "print the URL, and open no browser"
        case .qrCode: "show the URL as a QR code too, with the program qrencode"
        case .keyFile: "take the API key from a file, or from standard input"
        case .timeLimit: "how long the person may take; 300 without it"
        case .all: "every profile that has a token file"
        case .remote: "ask the server as well what it makes of the token"
        case .verify: "check signature, issuer, audience and times, by the keys of the server"
        }
    }
}
