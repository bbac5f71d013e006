import CLinux
package import CredCore

/// The environment of this process.
package enum ProcessEnvironment {
    /// The value of a variable; `nil` if it is missing or empty.
    package static func value(_ name: String) -> String? {
        guard let pointer = name.withCString({ getenv($0) }), pointer.pointee != 0 else {
            return nil
        }
        return String(cString: pointer)
    }

    /// The variables of these names that are set, as `NAME=value`, for a program that we start.
    package static func entries(_ names: [String]) -> [String] {
        names.compactMap { name in
            name == pathName ? pathEntry : value(name).map { "\(name)=\($0)" }
        }
    }

    private static let pathName = "PATH"

    /// `PATH` as we search it: programs that we start must not run others from the working
    /// directory.
    private static var pathEntry: String { "\(pathName)=\(ProgramSearch.path)" }

    /// The path made absolute, so that it stays valid if the working directory changes.
    package static func absolute(_ path: String) -> String {
        guard !path.isAbsolutePath, let pointer = getcwd(nil, 0) else { return path }
        defer { free(pointer) }
        return "\(String(cString: pointer))/\(path)"
    }

    /// All variables, as `NAME=value`.
    package static var allEntries: [String] {
        var entries: [String] = []
        var pointer = linux_environment()
        while let entry = pointer.pointee {
            entries.append(String(cString: entry))
            pointer += 1
        }
        return entries
    }

    /// All variables except the credentials that we were given; for the user's own programs, which
    /// may need any of them.
    static var entriesWithoutSecrets: [String] {
        let left = [
            pathName, "PL_API_KEY", "PL_AUTH_CLIENT_SECRET", "PL_AUTH_PASSWORD",
            "PLANET_CRED_TOKEN", "PLANET_CRED_AUTHORIZATION",
        ]
        return [pathEntry]
            + allEntries.filter { entry in
                !left.contains { entry.utf8.starts(with: "\($0)=".utf8) }
            }
    }

    /// `$HOME`, else the entry in /etc/passwd; `nil` if there is neither, as in a container that
    /// runs as any user. Fails with kind `.failed` if `HOME` is a relative path: the profiles, and
    /// the commands in them, would be those of the working directory.
    package static func home() throws(Failure) -> String? {
        guard let home = value("HOME") else { return UserAccounts.home }
        if home.isAbsolutePath { return home }
        throw Failure(
            .failed, "cannot use '\(home)' as your home directory",
            because: "HOME must be an absolute path",
            remedy: "export HOME=\(UserAccounts.home?.shellQuoted ?? "/path/to/home")")
    }

    /// Why there is no home directory, in words.
    package static var reasonWithoutHome: String {
        "you have no home directory: HOME is not set, and /etc/passwd has none for user \(getuid())"
    }
}
