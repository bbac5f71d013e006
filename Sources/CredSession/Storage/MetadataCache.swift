import CredCore
import CredOAuth
import CredSystem

/// Cached server metadata: public data, one file for each issuer. With it a renewal is one request.
struct MetadataCache: Sendable {
    private let folder: String
    private let server: AuthorizationServer
    private let world: World

    /// Endpoints rarely move, and one that did is looked up again at its first 404.
    private static let lifetime: Seconds = 86_400

    init(_ server: AuthorizationServer, _ locations: Locations, _ world: World) {
        folder = locations.cache
        self.server = server
        self.world = world
    }

    private var path: String {
        "\(folder)/\(SHA256.hexadecimalDigest(of: Array(server.identifier.utf8))).json"
    }

    /// The metadata; `nil` if there is none, or if it cannot be read for whatever reason: it is
    /// public and can be fetched again.
    func load() -> ServerMetadata? {
        guard case .content(let content) = File.read(path, .ownFile),
            // An unusable file is fetched again.
            let object = try? JSONValue(parsing: content.bytes).object,
            let fetchedAt = object["fetched_at"]?.integer,
            (0..<Self.lifetime).contains(world.clock.now() - UnixTime(fetchedAt)),
            let document = object["metadata"]?.object
        else { return nil }
        return try? ServerMetadata(document, server: server, sent: .none)
    }

    /// If it cannot be written, the next process fetches it again.
    func save(_ metadata: ServerMetadata) {
        let object: JSONObject = [
            "fetched_at": .integer(world.clock.now().seconds),
            "metadata": .object(metadata.document),
        ]
        let bytes = JSONValue.object(object).fileContent
        // It could not be read again.
        guard bytes.count <= JSONValue.maximumByteCount else { return }
        do {
            // In the home of another user it would be in the way of its owner.
            guard File.foreignOwner(of: folder) == nil else { return }
            try Directory.makePrivate(folder)
            try AtomicFile.replace(
                path, aside: "\(path).\(Platform.processID)", with: bytes, .replaceable)
            removeTemporaryFiles()
        } catch {
            world.voice.trace { .cache(path: path, state: error.because ?? error.what) }
        }
    }

    /// Removes what killed processes left behind. On another host a process with this number may be
    /// writing; then it saves nothing, and the next one does.
    private func removeTemporaryFiles() {
        for name in Directory.names(in: folder) {
            guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")),
                name[..<dot].hasSuffix(".json"),
                let process = Int32(name[name.utf8.index(after: dot)...]),
                !Platform.isRunning(process)
            else { continue }
            File.remove("\(folder)/\(name)")
        }
    }

    func forget() {
        File.remove(path)
    }
}
