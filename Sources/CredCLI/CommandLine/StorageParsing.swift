import CredCore
import CredSession

extension Invocation {
    /// Says `--no-save` for every invocation, and for those in a job of `exec`.
    static let noSaveVariable = "PLANET_CRED_NO_SAVE"

    /// What is about a kept login makes no sense where nothing is kept. Fails with kind `.usage`.
    static func checkStorage(
        _ typed: CommandWords, _ name: CommandName, _ profile: ProfileRequest,
        _ environment: (String) -> String?
    ) throws(Failure) {
        guard profile.storage == .memoryOnly, let reason = reasonToSave(name) else { return }
        let isVariable = environment(noSaveVariable) != nil
        var words = isVariable ? ["env", "-u", noSaveVariable] : []
        words += ["planet-cred", name.rawValue]
        if let name = profile.name { words.append(name.shellQuoted) }
        if let file = profile.file { words += ["--profile-file", file.shellQuoted] }
        if typed.has(.all) { words.append("--all") }
        throw Failure(
            .usage,
            isVariable
                ? "'\(name.rawValue)' is of no use while \(noSaveVariable) is set"
                : "'\(name.rawValue)' takes no option '--no-save'",
            because: reason, remedy: words.joined(separator: " "))
    }

    /// `nil` for a command that can do without.
    private static func reasonToSave(_ name: CommandName) -> String? {
        switch name {
        case .login: "a login is good for nothing unless it is kept"
        case .logout: "it is about tokens in the home folder, which is neither read nor written"
        case .token, .header, .exec, .status, .inspect, .get, .store, .erase, .capability,
            .completions, .help, .version, .renew, .background, .browse:
            nil
        }
    }
}
