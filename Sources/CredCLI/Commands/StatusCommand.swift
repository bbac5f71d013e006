import CredCore
import CredSession
import CredSystem

/// Tells which profile is used, why, and how long its credential lasts. Asks no server.
struct StatusCommand: Sendable {
    let context: CommandContext
    let layout: ReportLayout

    func run() throws(Failure) {
        let choice = try context.selection.choose()
        let report = StatusReport(
            choice: choice, hidden: context.selection.hidden(by: choice),
            status: context.session(choice).status(), now: context.world.clock.now())
        try StandardStreams.write(Secret(report.text(layout)))
    }
}
