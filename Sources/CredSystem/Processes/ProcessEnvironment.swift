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

    /// The variables of these names that are set, as `NAME=value`.
    package static func entries(_ names: [String]) -> [String] {
        names.compactMap { name in value(name).map { "\(name)=\($0)" } }
    }

    /// The path made absolute, so that it stays valid if the working directory changes.
    package static func absolute(_ path: String) -> String {
        guard path.utf8.first != UInt8(ascii: "/"), let pointer = getcwd(nil, 0) else {
            return path
        }
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
        let secrets = [
            "PL_API_KEY", "PL_AUTH_CLIENT_SECRET", "PL_AUTH_PASSWORD", "PLANET_CRED_TOKEN",
            "PLANET_CRED_AUTHORIZATION",
        ]
        return allEntries.filter { entry in
            !secrets.contains { entry.utf8.starts(with: "\($0)=".utf8) }
        }
    }

    /// `$HOME`, else the entry in /etc/passwd; a static program cannot use the name services. Fails
    /// with kind `.failed`.
    package static func home() throws(Failure) -> String {
        if let home = value("HOME") { return home }
        if case .content(let content) = File.read("/etc/passwd", .anyFile),
            let home = home(of: getuid(), passwd: content.bytes)
        {
            return home
        }
        throw Failure(
            .failed, "cannot find your home directory",
            because: "HOME is not set, and /etc/passwd has no entry for user \(getuid())",
            remedy: "export HOME=/path/to/home")
    }

    /// The sixth field of the line whose third field is the user's number, passwd(5).
    static func home(of userID: UInt32, passwd: [UInt8]) -> String? {
        for line in passwd.split(separator: 0x0A) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 6, Int64(digits: fields[2]) == Int64(userID), !fields[5].isEmpty
            else { continue }
            return String(decoding: fields[5], as: UTF8.self)
        }
        return nil
    }
}
