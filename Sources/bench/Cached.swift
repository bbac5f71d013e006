import PracticeServer
import Workbench

/// Handing out a token that is in the cache, which should cost what starting a process costs.
struct Cached {
    private let site: Site

    init(_ site: Site) { self.site = site }

    func report() throws {
        let requestCount = site.server.requests.count
        // A machine that is busy with other things has its caches full of them.
        try compare(
            "token, cached", site.token(), limit: .ratio(site.effort(quick: 1, full: 0.85)))
        try compare(
            "get, cached", try site.get(), limit: .ratio(site.effort(quick: 1.05, full: 0.95)))
        try reportEvicted()
        try compare("token, cached, not installed", site.tokenOfLinkedFile, limit: .none)
        try reportSequence()
        guard site.server.requests.count == requestCount else {
            throw Problem("a cached token was asked for again")
        }
    }

    /// As after a start of the machine: the program was dropped from memory, and came back as it
    /// was used.
    private func reportEvicted() throws {
        let copy = try site.installedAgain()
        var (token, get) = (site.token(), try site.get())
        (token.program, get.program) = (copy, copy)
        do {
            try PageCache.evict(copy)
        } catch {
            return Table.skip("token, cached, evicted", "\(error)")
        }
        let limit = Limit.ratio(site.effort(quick: 1.15, full: 1))
        try compare("token, cached, evicted", token, limit: limit)
        try compare("get, cached, evicted", get, limit: .none)
        let share = try PageCache.share(of: copy)
        Table.skip(
            "", "(by posix_fadvise; \(share.inMemory) of \(share.count) pages are in memory again)")
    }

    private func compare(_ what: String, _ command: Command, limit: Limit) throws {
        let comparison = try Comparison(
            pairs: site.effort(quick: 400, full: 2000), ours: command.milliseconds,
            theirs: site.doNothing.milliseconds)
        Table.add(Row(what, comparison, "/bin/true", limit: limit))
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
