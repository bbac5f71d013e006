extension WebURL {
    /// What to type to look at it with curl(1).
    /// - Parameters:
    ///   - option: what curl is to show.
    ///   - certificateAuthorityFile: to trust instead of the system's.
    package func curlCommand(_ option: String, certificateAuthorityFile: String?) -> String {
        let trust = certificateAuthorityFile.map { ["--cacert", $0.shellQuoted] } ?? []
        return (["curl", option] + trust + [description.shellQuoted]).joined(separator: " ")
    }
}
