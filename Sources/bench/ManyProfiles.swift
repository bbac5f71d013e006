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

        let home = try makeHome(folders: 1000)
        let get = try site.get(in: home, [:])
        guard try get.outputText().contains("password=") else {
            throw Problem("'\(get.text)' does not find a profile by its host")
        }
        let found = try Comparison(
            pairs: pairs / 10, ours: get.milliseconds, theirs: try site.get().milliseconds)
        Table.add(
            Row(
                "get, by host among 1000", found, "get, cached",
                limit: .figure(.milliseconds(20))))
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
