import CredCore
import CredSession
import CredSystem
import Synchronization
import TestSupport
import Testing
import Workbench

/// One login on a stage, and what it told a program that follows it. No browser opens.
struct LoginStage: Sendable {
    let stage: SessionStage
    private let events = Events()

    /// - Parameter members: of the profile `me`; a later one counts.
    init(_ members: String, _ variables: [String: String] = [:]) throws {
        stage = try SessionStage(variables)
        try stage.writeObject(
            "home/.planet/me/auth_client.json",
            #"{"client_id":"id","auth_server":"https://as.example","#
                + #""token_endpoint":"https://as.example/token","#
                + #""device_authorization_endpoint":"https://as.example/device",\#(members)}"#)
    }

    func run(
        flow: LoginRequest.Flow = .ofProfile, key: LoginRequest.KeySource = .terminal,
        audience: LoginRequest.Audience = .program, timeout: Seconds = 300
    ) throws -> LoggedIn {
        let request = LoginRequest(
            flow: flow, browser: .printOnly, key: key, audience: audience, timeout: timeout)
        return try Login(
            try stage.context("me"), request,
            tell: { [events] in events.add($0) }
        ).run()
    }

    func failure(
        flow: LoginRequest.Flow = .ofProfile, key: LoginRequest.KeySource = .terminal,
        audience: LoginRequest.Audience = .program, timeout: Seconds = 300
    ) throws -> Failure {
        try #require(throws: Failure.self) {
            try run(flow: flow, key: key, audience: audience, timeout: timeout)
        }
    }

    var told: [LoginEvent] { events.all }
    var tokenFile: JSONObject { get throws { try stage.json("home/.planet/me/token.json") } }
    var hasToken: Bool { stage.exists("home/.planet/me/token.json") }

    private final class Events: Sendable {
        private let list = Mutex<[LoginEvent]>([])

        var all: [LoginEvent] { list.withLock { $0 } }

        func add(_ event: LoginEvent) { list.withLock { $0.append(event) } }
    }
}

/// A lock that another process holds until it lets go: here a second lock of the same file, which
/// excludes as well.
final class HeldLock: Sendable {
    private let lock: Mutex<FileLock?>

    init(_ path: String) throws {
        let lock = try FileLock(path)
        let isAcquired = try lock.tryAcquire()
        try #require(isAcquired)
        lock.write(note: "process 1")
        self.lock = Mutex(lock)
    }

    /// - Parameter word: what it leaves; a login that ended well says `finished`.
    func letGo(_ word: String = "process 1") {
        lock.withLock { lock in
            lock?.write(note: word)
            lock = nil
        }
    }
}

extension TransportResult {
    /// The codes of a device login that lives for a minute.
    static let device = status(
        200,
        #"{"device_code":"dc","user_code":"WD-JB","verification_uri":"https://as.example/go","#
            + #""expires_in":60}"#)

    static func refused(_ code: String, _ members: String = "") -> TransportResult {
        status(400, #"{"error":"\#(code)"\#(members)}"#)
    }
}
