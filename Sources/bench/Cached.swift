import PracticeServer
import Workbench

/// Handing out a token that is in the cache, which should cost what starting a process costs.
struct Cached {
    private let site: Site

    init(_ site: Site) { self.site = site }

    func report() throws {
        let requestCount = site.server.requests.count
        let pairs = site.effort(quick: 400, full: 2000)
        for (what, command) in [("token, cached", site.token()), ("get, cached", try site.get())] {
            let comparison = try Comparison(
                pairs: pairs, ours: command.milliseconds, theirs: site.doNothing.milliseconds)
            Table.add(Row(what, comparison, "/bin/true", limit: .ratio(1.5)))
        }
        let linked = try Comparison(
            pairs: pairs, ours: site.tokenOfLinkedFile.milliseconds,
            theirs: site.doNothing.milliseconds)
        Table.add(Row("token, cached, not installed", linked, "/bin/true"))
        try reportSequence()
        guard site.server.requests.count == requestCount else {
            throw Problem("a cached token was asked for again")
        }
    }

    /// Without a pause: what a loop in a shell script does.
    private func reportSequence() throws {
        let (rounds, calls) = (10, 100)
        let comparison = try Comparison(
            pairs: rounds,
            ours: { try repeated(site.token(), calls) },
            theirs: { try repeated(site.doNothing, calls) })
        Table.add(
            Row(
                "token, cached, 1000 in a row", comparison.scaled(by: rounds),
                "/bin/true 1000 times"
            ))
    }

    private func repeated(_ command: Command, _ calls: Int) throws -> Double {
        try (0..<calls).reduce(0) { sum, _ in sum + (try command.milliseconds()) }
    }
}
