import PracticeServer
import TestSupport
import Testing
import Workbench

/// What the program opens it also closes: a type that closes something at the end of its life must do
/// so in a release too, where the end of a life is found in another way than in a debug build.
@Suite("Closed descriptors", .inTurn) struct ClosedDescriptorTests {
    @Test(
        "nothing is left open at the end",
        arguments: [
            Example("a token from the server, under the lock", "token"),
            Example("a dropped token, under the lock", "token --rejected"),
            Example("no token, and a look at everything", "status"),
        ])
    func files(_ command: Example<String>) async throws {
        let practice = try Practice()
        let calls = try await DescriptorCalls(of: command.given, practice)
        #expect(calls.openedCount > 0)
        #expect(calls.leftOpen == [])
    }

    @Test("a lock is given up before its file is closed") func lock() async throws {
        let calls = try await DescriptorCalls(of: "token", Practice())
        #expect(calls.unlocked.contains { $0.contains("token.lock") })
    }

    @Test("LOOP-02: a login that nobody finishes stops listening before it ends")
    func listener() async throws {
        let practice = try Practice(changing: [
            "client_type": "oidc_auth_code",
            "authorization_endpoint": "https://as.example.invalid/authorize",
        ])
        let calls = try await DescriptorCalls(
            of: "login --json --no-open --timeout 1", practice)
        #expect(calls.listenedCount == 1)
        #expect(calls.leftOpen == [])
    }
}

/// What one process did with descriptors, as strace(1) tells it.
private struct DescriptorCalls {
    private(set) var openedCount = 0
    private(set) var listenedCount = 0
    /// The lines of calls whose descriptor nobody closed.
    var leftOpen: [String] { open.values.sorted() }
    private(set) var unlocked: [String] = []
    private var open: [Int: String] = [:]

    init(of command: String, _ practice: Practice) async throws {
        let trace = "\(practice.home.root)/trace"
        let calls = "desc,network"
        _ = try await practice.home.shell(
            "strace -y -e trace=\(calls) -o \(trace) planet-cred \(command) </dev/null",
            with: ["PL_AUTH_PROFILE": "practice"])
        for line in try practice.home.read(trace).split(separator: "\n").map(String.init) {
            read(line)
        }
    }

    private mutating func read(_ line: String) {
        let result = line.firstMatch(of: /= (\d+)/).flatMap { Int($0.1) }
        switch line.prefix(while: { $0 != "(" }) {
        case "openat", "socket", "accept4", "memfd_create", "pidfd_open", "signalfd4":
            add(result, line)
        case "fcntl" where line.contains("F_DUPFD"): add(result, line)
        case "pipe", "pipe2":
            for end in line.matches(of: /(\d+)</).prefix(2) { add(Int(end.1), line) }
        case "listen": listenedCount += 1
        case "flock" where line.contains("LOCK_UN"): unlocked.append(line)
        case "close":
            guard let number = line.firstMatch(of: /close\((\d+)/).flatMap({ Int($0.1) }) else {
                return
            }
            open[number] = nil
        default: return
        }
    }

    private mutating func add(_ number: Int?, _ line: String) {
        guard let number else { return }
        open[number] = line
        openedCount += 1
    }
}
