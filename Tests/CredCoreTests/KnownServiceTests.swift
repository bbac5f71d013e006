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
        arguments: [KnownService.sentinelHub, .copernicusDataSpace])
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
        ] as [Row<String, String?>])
    func behind(_ row: Row<String, String?>) {
        #expect(KnownService.behind(row.given)?.name == row.wanted)
    }
}
