import CredCore

/// The variables with which other programs are told about a private certificate authority. curl
/// reads the first two, and none of the others.
private enum AuthorityVariable: String, CaseIterable {
    case curl = "CURL_CA_BUNDLE"
    case openSSL = "SSL_CERT_FILE"
    case requests = "REQUESTS_CA_BUNDLE"
    case git = "GIT_SSL_CAINFO"
    case amazon = "AWS_CA_BUNDLE"
    case node = "NODE_EXTRA_CA_CERTS"
    case pip = "PIP_CERT"

    /// The file, if there is one.
    var file: String? {
        guard let path = ProcessEnvironment.value(rawValue), path.isAbsolutePath,
            File.obstacle(toReading: path) == nil
        else { return nil }
        return path
    }

    var isReadByCurl: Bool { self == .curl || self == .openSSL }
}

extension HTTPRequest {
    /// Why the file with the authorities to trust cannot be read; `nil` if it can, or if there is
    /// none.
    var obstacleToAuthorities: String? {
        certificateAuthorityFile.flatMap(File.obstacle(toReading:))
    }
}

extension Failure {
    /// The file of a profile's `certificate_authority_file` cannot be read.
    static func noAuthorities(_ request: HTTPRequest) -> Failure {
        let file = request.certificateAuthorityFile ?? ""
        let reason = request.obstacleToAuthorities ?? ""
        return Failure(
            .unavailable,
            "cannot establish a secure connection to '\(request.url.origin.authority)'",
            because:
                "cannot read '\(file)', the 'certificate_authority_file' of the profile: \(reason)",
            remedy: "ls -l \(file.shellQuoted)")
    }

    /// The server's certificate is signed by an authority that curl does not know. Proposes the
    /// file of another program that knows it, without looking into the file.
    /// - Parameter reason: curl's words.
    static func unknownAuthority(_ reason: String, _ request: HTTPRequest) -> Failure {
        let what = "cannot establish a secure connection to '\(request.url.origin.authority)'"
        let look = WebURL(origin: request.url.origin, path: "/").curlCommand(
            "-v", certificateAuthorityFile: request.certificateAuthorityFile)
        if let file = request.certificateAuthorityFile {
            return Failure(
                .unavailable, what,
                because: "\(reason); only the authorities in '\(file)' are trusted, "
                    + "the 'certificate_authority_file' of the profile",
                remedy: look)
        }
        let known = AuthorityVariable.allCases.first { !$0.isReadByCurl && $0.file != nil }
        let used = AuthorityVariable.allCases.first { $0.isReadByCurl && $0.file != nil }
        let trusted = used.map { "; the authorities in \($0.rawValue) are trusted" } ?? ""
        let hint =
            "to trust a private authority, set CURL_CA_BUNDLE, or 'certificate_authority_file' in 'planet_cred' of the profile"
        if let known, let file = known.file {
            return Failure(
                .unavailable, what,
                because:
                    "\(reason)\(trusted); \(hint); \(known.rawValue) names one for other programs",
                remedy: "export CURL_CA_BUNDLE=\(file.shellQuoted)")
        }
        return Failure(.unavailable, what, because: "\(reason)\(trusted); \(hint)", remedy: look)
    }
}
