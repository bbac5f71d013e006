import Workbench

/// What other profiles cost: nothing where one is named, little where one is looked for.
struct ManyProfiles {
    private let site: Site

    init(_ site: Site) { self.site = site }

    func report() throws {
        let pairs = site.effort(quick: 400, full: 2000)
        let crowded = try makeHome(folders: 10_000)
        let named = try Comparison(
            pairs: pairs, ours: site.token(crowded).milliseconds,
            theirs: site.token(site.home).milliseconds)
        Table.add(
            Row("token, 1 profile of 10 000", named, "1 profile of 1", limit: .ratio(1.1)))

        let limit = Limit.ratio(site.effort(quick: 1.6, full: 1.25))
        try reportByHost("1000", in: try makeHome(folders: 1000), pairs / 10, limit)
        try reportByHost("10 000", in: crowded, site.effort(quick: 5, full: 40), .none)
    }

    private func reportByHost(
        _ count: String, in home: ScratchHome, _ pairs: Int, _ limit: Limit
    ) throws {
        let what = "get, by host among \(count)"
        guard let scan = try PlainScan(site) else {
            return Table.skip(what, "there is no C compiler for a program to compare with")
        }
        let get = try site.get(in: home, [:])
        guard try get.outputText().contains("password=") else {
            throw Problem("'\(get.text)' does not find a profile by its host")
        }
        let comparison = try Comparison(
            pairs: pairs, ours: get.milliseconds, theirs: scan.command(in: home).milliseconds)
        Table.add(Row(what, comparison, "all files read, in C", limit: limit))
    }

    /// A home with so many profiles, the last of which by name is the practice server's; that one
    /// has a token.
    private func makeHome(folders: Int) throws -> ScratchHome {
        let home = try site.makeHome()
        for number in 1..<folders {
            try home.writeProfile(
                "other-\(number)", site.profileText(host: "host-\(number).example.com"))
        }
        try home.writeProfile(Site.profile, site.profileText)
        _ = try site.token(home).output()
        return home
    }
}
