/// git's settings about credentials, as the `git` program lists them.
package enum GitConfiguration {
    /// The settings `credential.helper` and `credential.URL.helper` in git's order; `nil` if there
    /// is no git, or if it has none.
    package static func credentialHelpers() -> [(name: String, value: String)]? {
        let child = Child(
            "git", ["config", "-z", "--get-regexp", "^credential\\.(.*\\.)?helper$"],
            environment: ProcessEnvironment.entries([
                "PATH", "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL",
                "GIT_CONFIG_SYSTEM",
            ]), timeLimit: 5000)
        guard case .exited(0, let output, _) = child.run() else { return nil }
        return settings(output)
    }

    /// Parses `NAME LF VALUE NUL`, as often as there is one.
    static func settings(_ output: [UInt8]) -> [(name: String, value: String)] {
        output.split(separator: 0).map { entry in
            let parts = entry.split(
                separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { String(decoding: $0, as: UTF8.self) }
            return (texts[0], texts.count > 1 ? texts[1] : "")
        }
    }
}
