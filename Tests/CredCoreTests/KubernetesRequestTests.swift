import CredCore
import TestSupport
import Testing

@Suite("Requests of kubectl") struct KubernetesRequestTests {
    @Test(
        "USE-14: the version that kubectl asks for is the one of the answer",
        arguments: [
            Row("none", nil, "client.authentication.k8s.io/v1"),
            Row("v1", request("v1"), "client.authentication.k8s.io/v1"),
            Row("v1beta1", request("v1beta1"), "client.authentication.k8s.io/v1beta1"),
        ] as [Row<String?, String>])
    func version(_ row: Row<String?, String>) throws {
        #expect(try KubernetesRequest(row.given).version.rawValue == row.wanted)
    }

    @Test(
        "USE-14: another version is refused with the list, and so is what is no request",
        arguments: [
            Row("v1alpha1", request("v1alpha1"), "v1alpha1"), Row("v2", request("v2"), "/v2"),
            Row("no version", "{}", "version ''"), Row("no object", "[]", "no"),
            Row("no JSON", "{", "JSON"), Row("a number", #"{"apiVersion": 1}"#, "version ''"),
        ])
    func refused(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) { try KubernetesRequest(row.given) }
        #expect(failure.kind == .usage)
        #expect(failure.because?.contains(row.wanted) == true, "\(failure)")
    }

    @Test(
        "USE-14: a cluster that is told must be one of the profile's hosts",
        arguments: [
            Row("one of them", "https://k8s.example:6443", true),
            Row("with a path", "https://k8s.example:6443/clusters/c", true),
            Row("another port", "https://k8s.example", false),
            Row("another host", "https://evil.example:6443", false),
            Row("plain http", "http://k8s.example:6443", false),
            Row("a user", "https://k8s.example:6443@evil.example", false),
            Row("no URL", "k8s.example:6443", false),
        ])
    func cluster(_ row: Row<String, Bool>) throws {
        let request = try KubernetesRequest(Self.request("v1", server: row.given))
        let profile = Profile(
            name: try ProfileName("m2m"), method: .none,
            hosts: [try HostPattern("k8s.example:6443")])
        let failure = Result { () throws(Failure) in try request.check(profile, remedy: "edit") }
        if row.wanted {
            #expect(throws: Never.self) { try failure.get() }
        } else {
            #expect(throws: Failure.self) { try failure.get() }
        }
    }

    private static func request(_ version: String, server: String? = nil) -> String {
        let cluster = server.map { #""cluster": {"server": "\#($0)"}, "# } ?? ""
        return #"""
            {"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/\#(version)",
             "spec": {\#(cluster)"interactive": false}}
            """#
    }
}
