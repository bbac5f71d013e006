/// Typed access to the members of a profile file; every error names the member.
struct ProfileFields {
    let profile: ProfileName
    let object: JSONObject
    /// How messages name `object`: empty for the file itself, `planet_cred.` for the object in it.
    let prefix: String

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
            return ProfileFields(profile: profile, object: JSONObject(), prefix: "\(key).")
        }
        guard let object = value.object else { throw malformed(key, "must be an object") }
        return ProfileFields(profile: profile, object: object, prefix: "\(key).")
    }

    /// A command: a string for the shell or a list of strings that is started directly.
    func program(_ key: String) throws(Failure) -> CommandLineProgram? {
        guard let value = present(key) else { return nil }
        if value.string != nil { return try string(key).map(CommandLineProgram.shell) }
        guard let words = try? strings(key), !words.isEmpty else {
            throw malformed(key, "must be a command line or a list of arguments")
        }
        return .arguments(words)
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
