import CredCore
import CredSystem

/// `~/.planet.json`: a user's default profile, service account or API key. Planet's tools write it;
/// we only read it. A file that is missing or broken counts as empty, as it does for them, but not
/// one that cannot be read.
struct PlanetSettings: Sendable {
    private let object: JSONObject
    /// Why the file counts as empty although it exists.
    private let problem: String?
    /// Why the content of the file is not known.
    private let obstacle: String?

    private init(object: JSONObject, problem: String? = nil, obstacle: String? = nil) {
        (self.object, self.problem, self.obstacle) = (object, problem, obstacle)
    }

    static let empty = PlanetSettings(object: JSONObject())

    static func read(_ path: String) -> PlanetSettings {
        switch File.read(path, .anyFile) {
        case .missing: return empty
        case .unreadable(let reason):
            return PlanetSettings(object: JSONObject(), obstacle: reason)
        case .refused(let reason): return PlanetSettings(object: JSONObject(), problem: reason)
        case .content(let content):
            // Planet's tools ignore a broken file; `problems` reports it.
            guard let object = try? JSONValue(parsing: content.bytes).object else {
                return PlanetSettings(object: JSONObject(), problem: "it is not a JSON object")
            }
            return PlanetSettings(object: object)
        }
    }

    /// The same settings, if it is known what they are: another profile than the one that they name
    /// would be a silent surprise. Fails with kind `.profile`.
    /// - Parameter path: the file's name.
    func known(_ path: String) throws(Failure) -> PlanetSettings {
        guard let obstacle else { return self }
        throw Failure(
            .profile, "cannot read '\(path)'", because: obstacle,
            remedy: "ls -l \(path.shellQuoted)")
    }

    /// The candidates that the file names, best first.
    var sources: [ProfileSource] {
        var sources: [ProfileSource] = []
        if let name = text("PL_AUTH_PROFILE") {
            sources.append(.settingsProfile(name))
        }
        if text("PL_AUTH_CLIENT_ID") != nil, text("PL_AUTH_CLIENT_SECRET") != nil {
            sources.append(.settingsClient)
        }
        if key != nil { sources.append(.settingsKey) }
        return sources
    }

    /// What is wrong with the file, in words.
    /// - Parameter path: the file's name.
    func problems(_ path: String) -> [String] {
        if let problem { return ["cannot read '\(path)': \(problem)"] }
        let isProfileChosen = text("PL_AUTH_PROFILE") != nil
        let half = isProfileChosen ? nil : IncompleteClientPair(text)
        return Self.names.filter(isOfOtherType).map { "'\($0)' in '\(path)' is not a string" }
            + (half.map { ["in '\(path)' \($0.words)"] } ?? [])
    }

    private static let names = [
        "PL_AUTH_PROFILE", "PL_AUTH_CLIENT_ID", "PL_AUTH_CLIENT_SECRET", "PL_API_KEY", "key",
    ]

    /// Some writers write null for a missing value.
    private func isOfOtherType(_ name: String) -> Bool {
        switch object[name] {
        case nil, .null, .string: false
        case .bool, .number, .array, .object: true
        }
    }

    func profile(_ source: ProfileSource) throws(Failure) -> Profile {
        source == .settingsClient
            ? try .planetServiceAccount(
                id: text("PL_AUTH_CLIENT_ID") ?? "",
                secret: Secret(text("PL_AUTH_CLIENT_SECRET") ?? ""))
            : try .planetKey(Secret(key ?? ""))
    }

    /// `key` is where version 2 of Planet's SDK kept it.
    private var key: String? { text("PL_API_KEY") ?? text("key") }

    private func text(_ name: String) -> String? {
        let text = object[name]?.string ?? ""
        return text.isEmpty ? nil : text
    }
}

/// A client id without its secret, or the reverse: a job whose secret is missing.
struct IncompleteClientPair: Hashable, Sendable {
    private let present: String
    private let missing: String

    /// `nil` if both are there, or neither.
    /// - Parameter value: of a variable or member; `nil` if it is missing or empty.
    init?(_ value: (String) -> String?) {
        let (id, secret) = ("PL_AUTH_CLIENT_ID", "PL_AUTH_CLIENT_SECRET")
        switch (value(id), value(secret)) {
        case (.some, .none): (present, missing) = (id, secret)
        case (.none, .some): (present, missing) = (secret, id)
        case (.some, .some), (.none, .none): return nil
        }
    }

    var words: String { "\(present) is set, but \(missing) is not" }
}
