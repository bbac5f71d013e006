import PracticeServer
import Workbench

/// Getting a token from the server, which should cost what curl costs.
struct Fetch {
    private let site: Site

    init(_ site: Site) { self.site = site }

    func report() throws {
        let curl = try Self.curl(site)
        let comparison = try Comparison(
            pairs: site.effort(quick: 60, full: 400),
            ours: {
                site.removeToken()
                site.server.clearLog()
                let elapsed = try site.token().milliseconds()
                guard site.server.connectionCount == 1, site.server.requests.count == 1 else {
                    throw Problem("a fetch took \(site.server.requests.count) requests")
                }
                return elapsed
            },
            theirs: curl.milliseconds)
        Table.add(
            Row(
                "token, fetched", comparison, "curl POST",
                limit: .ratio(site.effort(quick: 1.1, full: 1))))
    }

    /// The call of Sentinel Hub's documentation, with the practice server in place of theirs.
    /// https://docs.sentinel-hub.com/api/latest/api/overview/authentication/
    static func curl(_ site: Site) throws -> Command {
        guard let curl = SearchPath.find("curl") else {
            throw Problem("the program 'curl' is needed; try: apt-get install curl")
        }
        return site.home.command(
            curl,
            [
                "--request", "POST", "--url", site.server.tokenEndpoint,
                "--header", "content-type: application/x-www-form-urlencoded",
                "--data", "grant_type=client_credentials&client_id=m2m",
                "--data-urlencode", "client_secret=m2m-secret",
                "--silent", "--fail", "--output", "/dev/null",
            ])
    }
}
