import CredCore
import CredSession
import CredSystem

/// Shows what is in the cached token, and what its server says of it.
struct InspectCommand: Sendable {
    let context: CommandContext
    let layout: ReportLayout
    let questions: Set<Inspection.Question>

    /// Fails after the report where the server does not take the token.
    func run() throws(Failure) {
        let choice = try context.choose()
        let inspection = Inspection(context.profile(choice))
        let inspected = try inspection.run(questions)
        let report = InspectReport(
            profile: choice.profile.name, inspected: inspected, now: context.world.clock.now())
        try StandardStreams.write(Secret(report.text(layout)))
        if let answer = inspected.serverAnswer, !answer.isActive { throw inspection.inactive }
    }
}
