/// One command: parser, help, completions and manual all read this table.
package struct CommandSpecification: Hashable, Sendable {
    package let name: CommandName
    /// What follows the name, in the manual's notation.
    package let operands: String
    /// What it does, in one clause without a capital or a full stop.
    package let summary: String
    /// Beside the common ones.
    package let options: [OptionName]
    /// What a person should know beyond the summary.
    package let details: String

    package static func of(_ name: CommandName) -> CommandSpecification {
        switch name {
        case .get:
            CommandSpecification(
                name: name, operands: "", summary: "answer git's request for a credential",
                options: [.login],
                details: """
                    Reads git's request on standard input. Answers only for a host that a profile
                    names; for any other host it prints nothing, and git asks its next helper.
                    """)
        case .store:
            CommandSpecification(
                name: name, operands: "", summary: "accept what git wants stored, and keep nothing",
                options: [], details: "Tokens are kept when they are issued.")
        case .erase:
            CommandSpecification(
                name: name, operands: "", summary: "drop the access token that git names",
                options: [],
                details: """
                    Reads git's request on standard input. Only the very token that it names is
                    dropped; the next command gets a new one.
                    """)
        case .capability:
            CommandSpecification(
                name: name, operands: "", summary: "tell git which parts of its protocol we speak",
                options: [], details: "")
        case .token:
            CommandSpecification(
                name: name, operands: "", summary: "print a valid access token, or the API key",
                options: [.format, .minimumLife, .rejected, .login],
                details: """
                    Prints the cached token while it is good, else asks the server for another one.
                    Of any number of processes one asks.
                    """)
        case .header:
            CommandSpecification(
                name: name, operands: "",
                summary: "print 'Authorization: ...', as token --format header",
                options: [.minimumLife, .rejected, .login],
                details: "For curl: planet-cred header | curl -H @- URL")
        case .exec:
            CommandSpecification(
                name: name, operands: "-- COMMAND [ARG ...]",
                summary: "run a command with the credential in its environment",
                options: [.environment, .minimumLife, .login],
                details: """
                    Becomes the command: exit status, signals and terminal are its own. Sets
                    PLANET_CRED_TOKEN, PLANET_CRED_AUTHORIZATION and PLANET_CRED_EXPIRES_AT (seconds
                    since 1970), PL_AUTH_PROFILE, and PL_API_KEY for an API key.
                    """)
        case .login:
            CommandSpecification(
                name: name, operands: profileOperand,
                summary: "log in: by browser, device code, password or key, as the profile says",
                options: [
                    .device, .open, .noOpen, .qrCode, .keyFile, .timeLimit, .json,
                ],
                details: """
                    Questions are asked on the terminal. With --json everything that a person needs
                    goes to standard output, one object a line, and no browser opens.
                    """)
        case .status:
            CommandSpecification(
                name: name, operands: "",
                summary: "show which profile is used, why, and how long its token lasts",
                options: [.json], details: "Asks no server.")
        case .logout:
            CommandSpecification(
                name: name, operands: profileOperand,
                summary: "have the server revoke the tokens, and forget them",
                options: [.all],
                details: """
                    What is kept of tokens here goes in any case; the configuration stays. If the
                    server was not told, or refuses, a message says so and the status is 69.
                    """)
        case .inspect:
            CommandSpecification(
                name: name, operands: "",
                summary: "show what is in the cached token, without the token",
                options: [.json, .remote, .verify],
                details: """
                    Asks no server unless told to. A token that is not genuine, or that the server
                    does not take, is a failure.
                    """)
        case .completions:
            CommandSpecification(
                name: name, operands: "bash|zsh|fish", summary: "print a completion script",
                options: [], details: "")
        case .help:
            CommandSpecification(
                name: name, operands: "[COMMAND]", summary: "explain planet-cred or one command",
                options: [], details: "")
        case .version:
            CommandSpecification(
                name: name, operands: "", summary: "print the version", options: [], details: "")
        case .background:
            CommandSpecification(
                name: name, operands: "", summary: "start 'renew' on its own, and end",
                options: [], details: "planet-cred starts this by itself.")
        case .browse:
            CommandSpecification(
                name: name, operands: "URL", summary: "start a browser, and end",
                options: [], details: "planet-cred starts this by itself.")
        case .renew:
            CommandSpecification(
                name: name, operands: "", summary: "renew an ageing token",
                options: [], details: "planet-cred starts this by itself.")
        }
    }

    /// What a command's `operands` are that takes a profile's name, as `--profile` does.
    static let profileOperand = "[PROFILE]"

    var takesProfile: Bool { operands == Self.profileOperand }

    /// It does something with a profile, however that is named.
    var usesProfile: Bool {
        switch name {
        case .token, .header, .exec, .login, .logout, .status, .inspect, .get, .erase, .renew,
            .background:
            true
        case .store, .capability, .completions, .help, .version, .browse: false
        }
    }

    /// Those that people type, in the order of the help.
    package static let shown = CommandName.allCases
        .filter { ![.renew, .background, .browse].contains($0) }.map(of)
}

/// The commands' names, as typed.
package enum CommandName: String, Hashable, Sendable, CaseIterable {
    case token, header, exec
    case login, logout, status, inspect
    case get, store, erase, capability
    case completions, help, version
    /// The work of detached processes: to renew an ageing token, and to start the one that does, or
    /// a browser.
    case renew, background, browse
}
