package import CredCore
import CredSystem

/// The profile that `~/.planet.json` names, which Planet's tools use too.
package struct DefaultProfile: Sendable {
    private let locations: Locations

    package init(_ locations: Locations) {
        self.locations = locations
    }

    /// What the new name replaces in the file, or overrides.
    package struct Change: Hashable, Sendable {
        /// The name that was replaced; `nil` if there was none.
        package let replaced: String?
        /// The API key and the service account in the file, over which the name takes precedence.
        package let hides: [ProfileSource]
    }

    /// Makes this profile the default, and keeps every other member of the file. Returns `nil` if
    /// it was the default before. Fails with kind `.failed` if the file is somebody else's, is
    /// broken, or cannot be written, and leaves it as it is.
    package func use(_ name: ProfileName, random: (Int) -> [UInt8]) throws(Failure) -> Change? {
        guard locations.home != nil else {
            throw Failure(
                .failed, "cannot write ~/.planet.json",
                because: ProcessEnvironment.reasonWithoutHome,
                remedy: "export HOME=/path/to/home")
        }
        // A link stays one: the file may be in a repository of configuration files.
        let path = Directory.canonical(locations.settings)
        if let owner = File.foreignOwner(of: path) {
            throw Failure(
                .failed, "cannot write '\(path)'", because: owner.reason,
                remedy: owner.remedy(
                    for: path, "planet-cred profile use \(name.description.shellQuoted)"))
        }
        let old = try members(path)
        let key = "PL_AUTH_PROFILE"
        let replaced = old[key]?.string ?? ""
        if replaced == name.description { return nil }
        var new = old
        new[key] = .string(name.description)
        try AtomicFile.replace(
            path, aside: ProfileFolder.aside(path, random(4)),
            with: JSONValue.object(new).fileContent, .synced)
        return Change(
            replaced: replaced.isEmpty ? nil : replaced,
            hides: PlanetSettings.read(path).sources.filter {
                $0 == .settingsKey || $0 == .settingsClient
            })
    }

    private func members(_ path: String) throws(Failure) -> JSONObject {
        let look = "ls -l \(path.shellQuoted)"
        switch File.read(path, .anyFile) {
        case .missing: return JSONObject()
        case .unreadable(let reason), .refused(let reason):
            throw Failure(.failed, "cannot read '\(path)'", because: reason, remedy: look)
        case .content(let content):
            do throws(Failure) {
                let value = try JSONValue(parsing: content.bytes, repeatedNames: .refused)
                if let object = value.object { return object }
                throw Failure(.failed, "it is not a JSON object")
            } catch {
                throw Failure(
                    .failed, "cannot change '\(path)'", because: error.asReason,
                    remedy: "${EDITOR:-vi} \(path.shellQuoted)")
            }
        }
    }
}
