import Foundation
import Workbench

/// How often handing out a cached token calls the system.
struct SystemCalls {
    private let site: Site
    private static let limit = Limit.figure(.count(33))

    init(_ site: Site) { self.site = site }

    func report() throws {
        guard let strace = SearchPath.find("strace") else {
            Table.skip("system calls", "not counted: strace is not installed")
            return
        }
        do {
            let nothing = Figure.count(try count(site.doNothing, strace))
            for (what, command) in [("token", site.token()), ("get", try site.get())] {
                let calls = Figure.count(try count(command, strace))
                Table.add(
                    Row(
                        "\(what), cached, system calls", calls, "/bin/true", nothing,
                        limit: Self.limit))
            }
        } catch {
            // Containers often forbid tracing.
            Table.skip("system calls", "not counted: \(error)")
        }
    }

    /// One line of strace's output is one call, but for those about signals and the end.
    private func count(_ command: Command, _ strace: String) throws -> Int {
        let file = "\(site.home.work)/trace"
        var traced = command
        traced.program = strace
        traced.arguments = ["-f", "-o", file, command.program] + command.arguments
        _ = try traced.milliseconds()
        return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            .count { !$0.contains("+++ ") && !$0.contains("--- ") }
    }
}
