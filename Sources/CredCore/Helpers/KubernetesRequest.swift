/// What kubectl says in `KUBERNETES_EXEC_INFO` to the program that it runs for a credential, as far
/// as we use it: an ExecCredential without a status, client.authentication.k8s.io.
package struct KubernetesRequest: Hashable, Sendable {
    package let version: Version
    /// The cluster's address; `nil` if kubectl does not send it, which it does only with
    /// `provideClusterInfo: true` in its configuration.
    package let server: String?

    /// The versions of the answer. kubectl accepts only the one that it asked for.
    package enum Version: String, Hashable, Sendable, CaseIterable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    private static let variable = "KUBERNETES_EXEC_INFO"

    /// Fails with kind `.usage` if the value is not a JSON object, or asks for a version that is
    /// not supported.
    /// - Parameter text: the value of the variable; `nil` if kubectl did not start us.
    package init(_ text: String?) throws(Failure) {
        guard let text else {
            (version, server) = (.v1, nil)
            return
        }
        // The error is ignored: its position in the text would not help anybody.
        guard let object = (try? JSONValue(parsing: Array(text.utf8)))?.object else {
            throw Self.unusable("\(Self.variable) is not a JSON object")
        }
        let name = object["apiVersion"]?.string ?? ""
        guard let version = Version(rawValue: name) else {
            let names = Version.allCases.map { $0.rawValue }.joined(separator: ", ")
            throw Self.unusable(
                "\(Self.variable) asks for the version '\(name)'; supported are \(names)")
        }
        self.version = version
        server = object["spec"]?.object?["cluster"]?.object?["server"]?.string
    }

    /// Checks that the credential of this profile may be sent to the cluster. Fails with kind
    /// `.profile` if not.
    /// - Parameter remedy: a command that helps to correct the profile.
    package func check(_ profile: Profile, remedy: String?) throws(Failure) {
        guard let server else { return }
        let what = "refusing the credential of profile '\(profile.name)' to '\(server)'"
        let origin: Origin
        do {
            // A cluster behind a proxy has a path.
            origin = try WebURL(server).origin
        } catch {
            throw Failure(
                .profile, "refusing the credential of profile '\(profile.name)' to the cluster",
                because: error.asReason, remedy: remedy)
        }
        guard !profile.covers(origin) else { return }
        let hosts = profile.hosts.map { $0.text }.joined(separator: ", ")
        throw Failure(
            .profile, what,
            because: "'\(origin.authority)' is not among the hosts of the profile: "
                + (hosts.isEmpty ? "none" : hosts),
            remedy: remedy)
    }

    private static func unusable(_ reason: String) -> Failure {
        Failure(.usage, "cannot answer kubectl", because: reason)
    }
}
