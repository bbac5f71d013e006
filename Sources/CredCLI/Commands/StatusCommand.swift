import CredCore
import CredSession
import CredSystem

/// Shows which profile is used, whose credential it has, and how long that is valid. Sends no
/// request.
struct StatusCommand: Sendable {
    let context: CommandContext
    let subject: StatusSubject
    let layout: ReportLayout

    func run() throws(Failure) {
        let page = ReportPage.current
        try StandardStreams.write(Secret(try text(on: page)))
    }

    private func text(on page: ReportPage) throws(Failure) -> String {
        let now = context.world.clock.now()
        switch subject {
        case .chosen:
            var choice = try context.selection.choose()
            choice = choice.with(
                choice.storage, warnings: ProfileReview(choice, context.locations).findings)
            return StatusReport(
                choice: choice, hidden: context.selection.hidden(by: choice),
                status: context.session(choice).status(), now: now, page: page
            ).text(layout)
        case .all:
            let entries = context.selection.listing().map { listed in
                ProfileTable.Entry(listed) { context.session($0).status() }
            }
            return ProfileTable(entries: entries, now: now, page: page).text(layout)
        case .host(let origin):
            let decision = try context.selection.decision(for: origin)
            return HostReport(origin: origin, decision: decision, page: page).text(layout)
        }
    }
}
