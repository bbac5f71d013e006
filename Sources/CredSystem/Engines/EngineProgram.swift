import CredCore

/// A program that planet-cred needs, and the variable that names another one in its place.
struct EngineProgram: Sendable {
    let name: String
    private let variable: String

    static let curl = EngineProgram(name: "curl", variable: "PLANET_CRED_CURL")
    static let openssl = EngineProgram(name: "openssl", variable: "PLANET_CRED_OPENSSL")

    /// The value of the variable, else the usual name.
    var program: String { ProcessEnvironment.value(variable) ?? name }

    /// The error if the program was not found.
    /// - Parameter what: what it was needed for.
    func missing(_ what: String) -> Failure {
        guard let program = ProcessEnvironment.value(variable) else { return missingByName(what) }
        let isRelative = program.utf8.contains(UInt8(ascii: "/")) && !program.isAbsolutePath
        return Failure(
            .unavailable, what,
            because: isRelative
                ? "\(variable) is '\(program)', but must be a name or an absolute path"
                : "the program '\(program)' was not found",
            // Not its absolute path: it may be a program that somebody put into the working folder.
            remedy: "unset \(variable)")
    }

    private func missingByName(_ what: String) -> Failure {
        // Installing it would not help if it is installed and `PATH` is wrong.
        if case .found(let path) = ProgramSearch.find(name, in: ProgramSearch.defaultPath) {
            return Failure(
                .unavailable, what, because: "the program '\(name)' is not in PATH",
                remedy: "export \(variable)=\(path)")
        }
        return Failure(
            .unavailable, what, because: "the program '\(name)' was not found",
            remedy: "apt-get install \(name)    # or: apk add \(name), dnf install \(name)")
    }
}
