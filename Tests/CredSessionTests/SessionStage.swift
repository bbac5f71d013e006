import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// A throw-away home folder for one session, and a server that answers as the script says. Files and
/// locks are real.
final class SessionStage: ScratchFiles, Sendable {
    /// The wall clock at the start.
    static let start: Int64 = 1_700_000_000

    let environment: [String: String]
    private let folder: ScratchFolder
    private let server: ScriptedServer

    /// - Parameters:
    ///   - variables: on top of those for the folders; an empty one is unset.
    ///   - random: what every random number is made from.
    ///   - latency: how long each request takes, in milliseconds.
    init(
        _ variables: [String: String] = [:], random: UInt64 = 0, latency: Int64 = 0
    ) throws {
        folder = try ScratchFolder()
        server = ScriptedServer(script: [], now: Self.start, latency: latency, random: random)
        let folders = [
            "HOME": folder.absolute("home"), "TMPDIR": folder.absolute("tmp"),
            "XDG_RUNTIME_DIR": folder.absolute("run"), "XDG_CACHE_HOME": folder.absolute("cache"),
        ]
        environment = folders.merging(variables) { $1 }.filter { !$0.value.isEmpty }
        for name in ["home", "tmp", "run"] { try makeFolder(name) }
    }

    /// The folder around them all.
    var path: String { folder.path }

    var locations: Locations {
        Locations(home: environment["HOME"] ?? "") { self.environment[$0] }
    }

    var world: World { server.world }
    var happened: ScriptedServer.Happened { server.happened }
    var requestCount: Int { happened.requests.count }
    var asked: [String] {
        happened.requests.map { "\($0.method.rawValue) \($0.url)" }
    }
    var now: Int64 { server.now.seconds }

    /// Lets time pass.
    func pass(seconds: Int64) { server.pass(seconds: seconds) }

    /// What the server says next; after the last entry nobody is there.
    func script(_ exchanges: TransportResult...) { server.script(exchanges) }

    /// What openssl says next; after the last entry that a signature is bad.
    func script(signatures: SignatureCheck.Outcome...) { server.script(signatures: signatures) }

    /// What happens at the next sleep.
    func duringSleep(_ body: @escaping @Sendable () throws -> Void) { server.duringSleep(body) }

    /// What happens during the next request, before it is answered.
    func duringRequest(_ body: @escaping @Sendable () throws -> Void) {
        server.duringRequest(body)
    }

    /// Writes an object in which a later member counts; in the file each name stands once.
    func writeObject(_ name: String, _ text: String) throws {
        try write(name, JSONValue(parsing: Array(text.utf8)).text(.compact))
    }

    func json(_ name: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(read(name).utf8)).object)
    }
}
