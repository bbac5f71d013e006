package import CredCore
package import CredSession
import CredSystem

/// Checks how planet-cred is set up on this machine.
struct DoctorCommand: Sendable {
    let context: CommandContext
    let layout: ReportLayout
    let timeout: Seconds

    /// Checks, with a process on another host, whether locks are shared. Fails after the report if
    /// they are not, or if that could not be determined.
    func run() throws(Failure) {
        let check = LockCheck(context.profile(try context.choose()), timeout: timeout)
        let outcome = try check.run()
        let report = LockReport(folder: check.folder, outcome: outcome)
        try StandardStreams.write(Secret(report.text(layout, on: .current)))
        if let failure = report.failure { throw failure }
    }
}

/// The report of `doctor --locks`.
package struct LockReport: Sendable {
    let folder: String
    let outcome: LockCheck.Outcome

    package init(folder: String, outcome: LockCheck.Outcome) {
        self.folder = folder
        self.outcome = outcome
    }

    package func text(_ layout: ReportLayout, on page: ReportPage = .plain) -> String {
        layout.text(rows: rows.map { ReportRow($0.0, $0.1) }, object: object, on: page)
    }

    private var verdict: LockProbe? {
        switch outcome {
        case .found(let finding): finding.isShared ? .held : .free
        case .sameHost, .nobodyCame: nil
        }
    }

    private var verdictRow: (String, String) { ("locks", verdict?.word ?? "unknown") }

    private var rows: [(String, String)] {
        let first = [("directory", folder)]
        switch outcome {
        case .found(let finding):
            return first + [
                ("hosts", finding.hosts.joined(separator: ", ")),
                ("flock", finding.whole.word), ("byte ranges", finding.range.word), verdictRow,
            ]
        case .sameHost(let host): return first + [("hosts", host), verdictRow]
        case .nobodyCame: return first + [verdictRow]
        }
    }

    private var object: JSONObject {
        var object: JSONObject = ["directory": .string(folder)]
        switch outcome {
        case .found(let finding):
            object["hosts"] = .array(finding.hosts.map { .string($0) })
            object["flock"] = .string(finding.whole.name)
            object["byte_ranges"] = .string(finding.range.name)
        case .sameHost(let host): object["hosts"] = .array([.string(host)])
        case .nobodyCame: break
        }
        object["locks"] = .string(verdict?.name ?? "unknown")
        return object
    }

    /// The failure to report; `nil` if the locks are shared.
    package var failure: Failure? {
        switch outcome {
        case .found(let finding):
            finding.isShared
                ? nil
                : Failure(
                    .failed, "the locks in '\(folder)' do not work between the two hosts",
                    because:
                        "both hosts could take them at the same time; logins are safe, but each host may request its own token for a service account",
                    remedy: FileLock.otherFolder)
        case .sameHost(let host):
            Failure(
                .tryAgain, "cannot check the locks between hosts",
                because: "both processes were on host '\(host)'",
                remedy: "srun -N2 planet-cred doctor --locks    # or start it on two hosts at once"
            )
        case .nobodyCame(let seconds):
            Failure(
                .tryAgain, "cannot check the locks between hosts",
                because: "no second process started within \(seconds) s",
                remedy: "srun -N2 planet-cred doctor --locks    # or start it on two hosts at once"
            )
        }
    }
}
