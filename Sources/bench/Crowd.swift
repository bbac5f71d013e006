import PracticeServer
import Workbench

/// Many processes that need a token at the same moment; one of them should ask the server.
struct Crowd {
    private let site: Site
    private static let size = 64

    init(_ site: Site) { self.site = site }

    func report() throws {
        try report("no token") { site.removeToken() }
        try report("expired token") { try site.writeExpiredToken() }
    }

    private func report(_ state: String, prepare: () throws -> Void) throws {
        let curl = try Fetch.curl(site)
        var mostRequests = 0
        var mostTokens = 0
        let comparison = try Comparison(
            pairs: site.effort(quick: 4, full: 20),
            ours: {
                try prepare()
                site.server.clearLog()
                let (elapsed, outputs) = try together(site.token())
                mostRequests = max(mostRequests, site.server.requestCount("/token"))
                mostTokens = max(mostTokens, Set(outputs).count)
                guard outputs.allSatisfy({ site.server.accepts(String($0.dropLast())) }) else {
                    throw Problem("a process printed something that is no valid token")
                }
                return elapsed
            },
            theirs: { try together(curl).milliseconds })
        Table.add(Row("64 at once, \(state)", comparison, "64 x curl POST"))
        let one = Limit.figure(.count(1))
        Table.add(Row("  token requests, at most", .count(mostRequests), limit: one))
        Table.add(Row("  different tokens, at most", .count(mostTokens), limit: one))
    }

    /// Starts all, waits for all, and returns what each of them printed.
    private func together(
        _ command: Command
    ) throws -> (milliseconds: Double, outputs: [String]) {
        let outputs = try (0..<Self.size).map { _ in try MemoryFile() }
        let elapsed = try milliseconds {
            var running: [ChildProcess] = []
            for output in outputs {
                running.append(try command.start(output: output.descriptor))
            }
            for process in running { try command.require(try process.wait()) }
        }
        return (elapsed, outputs.map(\.text))
    }
}
