import CredCore
import TestSupport
import Testing

@Suite("git's order of helpers") struct GitHelperOrderTests {
    /// `NAME=VALUE` for each setting.
    private func order(_ settings: [String], _ host: String = "a.example") throws
        -> GitHelperOrder
    {
        let pairs = settings.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: String(parts[1]))
        }
        let scheme: Origin.Scheme = host.hasPrefix("127.") ? .http : .https
        return GitHelperOrder(pairs, for: try Origin(scheme: scheme, authority: host))
    }

    @Test(
        "USE-28: a helper that stands before ours is found, as git reads its settings",
        arguments: [
            Row("before", ["credential.helper=store", "credential.helper=planet"], "store"),
            Row("after", ["credential.helper=planet", "credential.helper=store"], nil),
            Row("alone", ["credential.helper=planet"], nil),
            Row("not asked", ["credential.helper=store"], nil),
            Row(
                "forgotten",
                ["credential.helper=store", "credential.helper=", "credential.helper=planet"], nil),
            Row(
                "forgotten for the host",
                [
                    "credential.helper=store", "credential.https://a.example.helper=",
                    "credential.https://a.example.helper=planet",
                ], nil),
            Row(
                "forgotten for another host",
                [
                    "credential.helper=store", "credential.https://b.example.helper=",
                    "credential.helper=planet",
                ], "store"),
            Row(
                "with options",
                ["credential.helper=cache --timeout 9", "credential.helper=planet --login"],
                "cache --timeout 9"),
            Row(
                "by path",
                ["credential.helper=store", "credential.helper=/usr/bin/git-credential-planet"],
                "store"),
            Row(
                "another planet", ["credential.helper=planetary", "credential.helper=planet"],
                "planetary"),
            Row(
                "of the host",
                ["credential.https://a.example.helper=store", "credential.helper=planet"], "store"),
            Row(
                "a slash",
                ["credential.https://a.example/.helper=store", "credential.helper=planet"],
                "store"),
            Row(
                "the usual port",
                ["credential.https://a.example:443.helper=store", "credential.helper=planet"],
                "store"),
            Row(
                "another port",
                ["credential.https://a.example:8443.helper=store", "credential.helper=planet"], nil),
            Row(
                "a path",
                ["credential.https://a.example/x.helper=store", "credential.helper=planet"],
                nil),
            Row(
                "another scheme",
                ["credential.http://a.example.helper=store", "credential.helper=planet"], nil),
            Row(
                "a wildcard",
                ["credential.https://*.example.helper=store", "credential.helper=planet"], "store"),
            Row(
                "capitals",
                ["credential.https://A.Example.helper=store", "credential.helper=planet"],
                "store"),
            Row(
                "no scheme", ["credential.a.example.helper=store", "credential.helper=planet"],
                "store"),
            Row("nothing", [], nil),
        ] as [Row<[String], String?>])
    func first(_ row: Row<[String], String?>) throws {
        #expect(try order(row.given).first == row.wanted)
    }

    @Test(
        "USE-28: a port and plain http on loopback are told apart",
        arguments: [
            Row("the port", "credential.http://127.0.0.1:8080.helper=store", "store"),
            Row("no port", "credential.http://127.0.0.1.helper=store", nil),
        ] as [Row<String, String?>])
    func loopback(_ row: Row<String, String?>) throws {
        let order = try order([row.given, "credential.helper=planet"], "127.0.0.1:8080")
        #expect(order.first == row.wanted)
    }
}
