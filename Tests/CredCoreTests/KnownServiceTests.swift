import CredCore
import TestSupport
import Testing

extension KnownService: CustomTestStringConvertible {
    package var testDescription: String { name }
}

@Suite("Known services") struct KnownServiceTests {
    @Test("every entry of the table is well formed", arguments: KnownService.all)
    func wellFormed(_ service: KnownService) {
        // A malformed host name would be dropped.
        #expect(service.hosts.map(\.text).joined(separator: " ") == hostNames[service.name])
        #expect(service.defaultLifetime > 0)
    }

    @Test(
        "a known token endpoint is a URL that leads back to its service",
        arguments: [
            KnownService.sentinelHub, .copernicusDataSpace, .earthDaily, .earthdataLogin,
        ])
    func tokenEndpoint(_ service: KnownService) throws {
        let endpoint = try #require(service.tokenEndpoint)
        #expect(try WebURL(endpoint).description == endpoint)
        #expect(KnownService.behind(endpoint) == service)
    }

    @Test("the place that tells about tokens is a URL of its service's own hosts")
    func tokenInfoEndpoint() throws {
        let endpoints = KnownService.all.compactMap(\.tokenInfoEndpoint)
        let url = try WebURL(try #require(endpoints.first))
        #expect(endpoints == [url.description])
        #expect(KnownService.sentinelHub.hosts.contains { $0.matches(url.origin) })
    }

    private let hostNames = [
        "Planet": "api.planet.com tiles.planet.com tiles0.planet.com tiles1.planet.com "
            + "tiles2.planet.com tiles3.planet.com insights.planet.com",
        "Sentinel Hub": "services.sentinel-hub.com services-uswest2.sentinel-hub.com "
            + "creodias.sentinel-hub.com api.planet.com",
        "Copernicus Data Space": "*.dataspace.copernicus.eu",
        "EarthDaily": "api.earthdaily.com",
        "EarthDaily, older accounts": "api.earthdaily.com",
        "NASA Earthdata Login": "*.earthdata.nasa.gov *.earthdatacloud.nasa.gov "
            + "ladsweb.modaps.eosdis.nasa.gov",
    ]

    @Test(
        "a service is known by what its server's URL starts with",
        arguments: [
            Row("as it is", "https://login.planet.com", "Planet"),
            Row("with a slash", "https://login.planet.com/", "Planet"),
            Row("with a path", "https://services.sentinel-hub.com/oauth/token", "Sentinel Hub"),
            Row("a realm", "https://services.sentinel-hub.com/auth/realms/main", "Sentinel Hub"),
            Row("another realm", "https://services.sentinel-hub.com/auth/realms/mainly", nil),
            Row("a longer host", "https://login.planet.com.evil.example/", nil),
            Row("a port", "https://login.planet.com:8443/", nil),
            Row("a user name", "https://login.planet.com@evil.example/", nil),
            Row("http", "http://login.planet.com/", nil),
            Row("in a path", "https://evil.example/https://login.planet.com/", nil),
            Row("nothing", "", nil),
            Row(
                "USE-33: as EarthDaily's console shows it",
                "https://api.earthdaily.com/account_management/v1/authentication/api_tokens/exchange",
                "EarthDaily"),
            Row(
                "an account of EarthDaily", "https://auth.earthdaily.com/oauth2/a/v1/token",
                "EarthDaily, older accounts"),
            Row("another API of EarthDaily", "https://api.earthdaily.com/platform/v1", nil),
            Row(
                "USE-34: NASA", "https://urs.earthdata.nasa.gov/oauth/token", "NASA Earthdata Login"
            ),
            Row("NASA's test system", "https://uat.urs.earthdata.nasa.gov", nil),
        ] as [Row<String, String?>])
    func behind(_ row: Row<String, String?>) {
        #expect(KnownService.behind(row.given)?.name == row.wanted)
    }

    private func client(_ members: String, _ own: String = "") throws -> OAuthClient? {
        try Profile.parsed(
            #"""
            {"client_type": "oidc_client_credentials_secret", "client_id": "id",
             "client_secret": "s", \#(members), "planet_cred": {\#(own)}}
            """#
        ).client
    }

    private static let exchange =
        "https://api.earthdaily.com/account_management/v1/authentication/api_tokens/exchange"

    @Test(
        "USE-33: EarthDaily and NASA want Basic, unless the profile says otherwise",
        arguments: [
            Row("the token URL", #""token_endpoint": "\#(exchange)""#, .basic),
            Row("as the server", #""auth_server": "\#(exchange)""#, .basic),
            Row("an older account", #""token_endpoint": "https://iam.earthdaily.com/t""#, .basic),
            Row("NASA", #""auth_server": "https://urs.earthdata.nasa.gov""#, .basic),
            Row("another", #""auth_server": "https://login.example.com""#, .post),
        ] as [Row<String, ClientAuthentication.SecretMethod>])
    func secretMethod(_ row: Row<String, ClientAuthentication.SecretMethod>) throws {
        #expect(
            try client(row.given)?.authentication == .secret(.literal(Secret("s")), row.wanted))
        #expect(
            try client(row.given, #""client_authentication": "client_secret_post""#)?
                .authentication == .secret(.literal(Secret("s")), .post))
    }

    @Test("USE-34: an API key says with auth_server for which service it is") func key() throws {
        let profile = try Profile.parsed(
            #"""
            {"client_type": "static_apikey", "api_key": "k",
             "auth_server": "https://urs.earthdata.nasa.gov"}
            """#)
        #expect(profile.hosts == KnownService.earthdataLogin.hosts)
    }
}
