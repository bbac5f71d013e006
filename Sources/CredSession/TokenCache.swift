package import CredCore
import CredSystem

/// The token of one profile on disk, shared by every process.
///
/// Readers never lock: writers rename, so they see the old file or the new one. Writing takes the
/// lock; `Locked` is the only type that can.
package struct TokenCache: Sendable {
    let name: ProfileName
    let binding: TokenBinding
    let folders: Folders
    let world: World
    /// The profile's folder, then those that take its place where it cannot be written.
    let places: [Place]

    package init(_ name: ProfileName, binding: TokenBinding, folders: Folders, world: World) {
        self.name = name
        self.binding = binding
        self.folders = folders
        self.world = world
        places = [Place(folder: folders.profile(name), parent: nil)] + folders.fallbacks(for: name)
    }

    /// A folder for the files of one profile.
    struct Place: Sendable {
        let folder: String
        /// A folder that must be ours alone, for places below one that everybody may write to.
        let parent: String?

        func make() throws(Failure) {
            if let parent { try Directory.makeExclusive(parent) }
            try Directory.makePrivate(folder)
        }
    }

    /// The best file there is: the first whose token is not spent, else the first at all.
    ///
    /// Fails with kind `.failed` for a file that is none of ours to touch, and for one that is
    /// broken where `brokenFiles` says so.
    package func load(_ brokenFiles: BrokenFiles, minimumLife: Seconds?) throws(Failure)
        -> TokenFile?
    {
        var best: TokenFile?
        for place in places {
            guard let file = try read("\(place.folder)/token.json", brokenFiles) else { continue }
            let freshness = file.token?.freshness(at: world.now(), minimumLife: minimumLife)
            world.trace { .cache(path: file.path, state: freshness.map { "\($0)" } ?? "no token") }
            if let freshness, freshness != .spent { return file }
            best = best ?? file
        }
        return best
    }

    /// What a file that is not valid JSON means.
    package enum BrokenFiles: Hashable, Sendable {
        /// A new token can be had without a person, so it counts as no token.
        case countAsMissing
        /// It may hold a login, so a person must look.
        case fail
    }

    /// The Python tools truncate the file and then write it: a half file is read again for a while.
    private func read(_ path: String, _ brokenFiles: BrokenFiles) throws(Failure) -> TokenFile? {
        let deadline = world.uptime() + Self.halfFilePatience
        while true {
            let problem: String
            switch File.read(path, .ownFile) {
            case .missing: return nil
            case .refused(let reason): throw .unusableTokenFile(path, reason)
            case .unreadable(let reason): problem = reason
            case .content(let content):
                // Whatever is no JSON object is half a file, or broken; `problem` tells below.
                if let members = try? JSONValue(parsing: content.bytes).object {
                    return TokenFile(
                        members, modifiedAt: content.modifiedAt, binding: binding, path: path)
                }
                if world.uptime() < deadline {
                    world.sleep(5)
                    continue
                }
                problem = "it is not a JSON object"
            }
            guard brokenFiles == .fail else { return nil }
            throw .unusableTokenFile(path, problem)
        }
    }

    /// How long a truncated file may take to be whole again, in milliseconds.
    private static let halfFilePatience: Int64 = 50
}

extension Failure {
    fileprivate static func unusableTokenFile(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot use '\(path)'", because: reason, remedy: "mv \(path) \(path).broken")
    }
}
