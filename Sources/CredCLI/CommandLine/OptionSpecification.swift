/// One option of the command line: parser, help, completions and manual all read this table.
struct OptionSpecification: Hashable, Sendable {
    /// Without the dashes.
    let name: String
    let letter: Character?
    /// What stands for its value in help texts; `nil` for a switch.
    let value: String?
    /// What it does, in one clause without a capital or a full stop.
    let summary: String
    /// The values to offer, where they are few.
    let choices: [String]

    private init(
        _ name: String, letter: Character? = nil, value: String? = nil, _ summary: String,
        choices: [String] = []
    ) {
        self.name = name
        self.letter = letter
        self.value = value
        self.summary = summary
        self.choices = choices
    }

    static let profile = OptionSpecification(
        "profile", value: "NAME", "use this profile of ~/.planet")
    static let profileFile = OptionSpecification(
        "profile-file", value: "PATH|-", "take the profile from a file, or from standard input")
    static let noSave = OptionSpecification(
        "no-save", "keep everything in memory; neither read nor write in the home folder")
    static let verbose = OptionSpecification(
        "verbose", letter: "v", "show every step on standard error, without secrets")
    static let help = OptionSpecification("help", letter: "h", "explain the command and stop")
    static let version = OptionSpecification("version", "print the version and stop")

    static let format = OptionSpecification(
        "format", value: "FORMAT", "how to print the token",
        choices: TokenFormat.allCases.map(\.rawValue))
    static let minimumLife = OptionSpecification(
        "min-ttl", value: "SECONDS", "the token must be good for more than so many seconds")
    static let rejected = OptionSpecification(
        "rejected", "a server did not take the last token; get another")
    static let environment = OptionSpecification(
        "env", value: "NAME[=TEMPLATE]",
        "set one more variable; {token}, {authorization}, {expires_at} and {profile} are replaced")
    static let json = OptionSpecification("json", "print JSON for a program to read")

    /// Those that every command takes.
    static let common = [profile, profileFile, noSave, verbose, help, version]

    static let all = common + [format, minimumLife, rejected, environment, json]
}
