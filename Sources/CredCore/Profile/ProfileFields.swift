/// Typed access to the members of a profile file; every error names the member.
struct ProfileFields {
    let profile: ProfileName
    let object: JSONObject
    /// How messages name `object`: empty for the file itself, `planet_cred.` for the object in it.
    let prefix: String
    let paths: ProfilePaths

    func string(_ key: String) throws(Failure) -> String? {
        guard let value = present(key) else { return nil }
        guard let text = value.string else { throw malformed(key, "must be a string") }
        guard !text.utf8.contains(0) else { throw malformed(key, "contains a NUL byte") }
        return text.isEmpty ? nil : text
    }

    func required(_ key: String) throws(Failure) -> String {
        guard let text = try string(key) else { throw malformed(key, "is missing") }
        return text
    }

    func url(_ key: String) throws(Failure) -> WebURL? {
        guard let text = try string(key) else { return nil }
        do {
            return try WebURL(text)
        } catch {
            throw malformed(key, "is invalid: \(error.because ?? error.what)")
        }
    }

    func strings(_ key: String) throws(Failure) -> [String]? {
        guard let value = present(key) else { return nil }
        guard let elements = value.array else { throw malformed(key, "must be a list of strings") }
        let texts = elements.compactMap { $0.string }
        guard texts.count == elements.count, texts.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw malformed(key, "must be a list of strings")
        }
        return texts
    }

    func seconds(_ key: String) throws(Failure) -> Seconds? {
        guard let value = present(key) else { return nil }
        guard let length = value.integer, length >= 0 else {
            throw malformed(key, "must be a number of seconds")
        }
        return length
    }

    /// The object `key`, whose errors name its members in full; an empty one if it is missing.
    func fields(_ key: String) throws(Failure) -> ProfileFields {
        guard let value = present(key) else {
            return fields(JSONObject(), key)
        }
        guard let object = value.object else { throw malformed(key, "must be an object") }
        return fields(object, key)
    }

    private func fields(_ object: JSONObject, _ key: String) -> ProfileFields {
        ProfileFields(profile: profile, object: object, prefix: "\(key).", paths: paths)
    }

    /// A path, made absolute by the one rule for all members: see `ProfilePaths`.
    func path(_ key: String) throws(Failure) -> String? {
        guard let text = try string(key) else { return nil }
        return try absolute(text, key)
    }

    /// A command: a string for the shell, or a list of strings that is started directly, whose
    /// first one follows the rule for paths if it has a slash.
    func program(_ key: String) throws(Failure) -> CommandLineProgram? {
        guard let value = present(key) else { return nil }
        if value.string != nil { return try string(key).map(CommandLineProgram.shell) }
        guard let words = try? strings(key), !words.isEmpty else {
            throw malformed(key, "must be a command line or a list of arguments")
        }
        guard words[0].utf8.contains(UInt8(ascii: "/")) else { return .arguments(words) }
        return .arguments([try absolute(words[0], key)] + words.dropFirst())
    }

    private func absolute(_ path: String, _ key: String) throws(Failure) -> String {
        switch paths.absolute(path) {
        case .found(let path): return path
        case .homeMissing:
            throw malformed(key, "starts with '~/', but there is no home directory")
        case .folderMissing:
            throw malformed(
                key,
                "is the relative path '\(path)', and the profile came from standard input, which has no directory; give an absolute path, or one that starts with '~/'"
            )
        }
    }

    func malformed(_ key: String, _ problem: String) -> Failure {
        Failure(
            .profile, "cannot use profile '\(profile)'", because: "'\(prefix)\(key)' \(problem)")
    }

    private func present(_ key: String) -> JSONValue? {
        let value = object[key]
        return value == .null ? nil : value
    }
}

/// The rule for every path in a profile: an absolute path is taken as it is, `~/` is the home
/// directory, and any other path starts at the directory of the profile's file, never at the
/// working directory, whose owner could otherwise choose what is read.
package struct ProfilePaths: Hashable, Sendable {
    /// The directory of the profile's file; `nil` for a profile that came from standard input.
    private let folder: String?
    /// The home directory; `nil` if the user has none.
    private let home: String?

    package init(folder: String? = nil, home: String? = nil) {
        self.folder = folder
        self.home = home
    }

    enum Result: Hashable, Sendable {
        case found(String)
        case homeMissing
        case folderMissing
    }

    func absolute(_ path: String) -> Result {
        if path.utf8.first == UInt8(ascii: "/") { return .found(path) }
        if path.utf8.starts(with: "~/".utf8) {
            return home.map { .found("\($0)/\(path.dropFirst(2))") } ?? .homeMissing
        }
        return folder.map { .found("\($0)/\(path)") } ?? .folderMissing
    }
}
