import CLinux
package import CredCore

/// HTTP through the `curl` program, which handles proxies, certificate authorities and HTTP/2.
package enum CurlTransport {
    /// Sends one request; does not follow redirects.
    /// - Parameters:
    ///   - timeLimit: in milliseconds, for the whole exchange.
    ///   - recording: whatever is in its file is gone after this, the room for the answer is not.
    ///   - leftover: what happens to a curl whose answer is complete.
    package static func send(
        _ request: HTTPRequest, timeLimit: Int64, recording: Recording? = nil, version: String,
        leftover: Child.Leftover = .reaped
    ) -> TransportResult {
        if let recording, let error = ReservedFile.clear(recording) {
            return .impossible(
                Failure(
                    .failed, "cannot write the file for the answer of the server",
                    because: "\(error.reason); nothing was sent"))
        }
        let program = EngineProgram.curl.program
        let child = Child(
            program, ["-q", "--config", "-"],
            environment: ProcessEnvironment.entries(inheritedNames),
            input: CurlConfiguration.text(request, timeLimit: timeLimit, version: version),
            // curl has its own timeout; this one ends a curl that hangs.
            timeLimit: timeLimit + 2000, outputLimit: HTTPResponse.maximumByteCount,
            recording: recording,
            // Exiting takes curl a tenth of the whole time.
            isEnough: { recording == nil && HTTPResponse.isWhole($0) }, leftover: leftover)
        let (outcome, output) = child.runKeepingOutput()
        guard let recording else { return result(outcome, output, request, from: program) }
        switch ReservedFile.recorded(in: recording) {
        case .bytes(let recorded):
            return result(outcome, recorded, request, from: program, neededWhenCut: "refresh_token")
        case .tooLarge: return .impossible(.unreadableAnswer(request, SystemError(EFBIG)))
        case .failed(let error): return .impossible(.unreadableAnswer(request, error))
        }
    }

    /// Interprets how curl ended, and what it wrote.
    /// - Parameter wanted: the token without which a response that is cut off is lost.
    private static func result(
        _ outcome: Child.Outcome, _ bytes: [UInt8], _ request: HTTPRequest, from program: String,
        neededWhenCut wanted: String = "access_token"
    ) -> TransportResult {
        let host = request.url.origin.authority
        if case .exited(0, _, _) = outcome {
            return HTTPResponse(wire: bytes, .seen).map(TransportResult.answered)
                ?? .interrupted("the answer of '\(host)' is not HTTP")
        }
        // A response that has all that is needed counts, however curl ended after it.
        if let response = HTTPResponse(wire: bytes), response.isUsable(with: wanted) {
            return .answered(response)
        }
        switch outcome {
        case .exited where bytes.count >= HTTPResponse.maximumByteCount, .wroteTooMuch:
            return .interrupted("the answer of '\(host)' is larger than 4 MiB")
        case .exited(let status, _, let line):
            return result(status, words(line, status, request), request)
        case .killed(let signal): return .interrupted("curl was killed by signal \(signal)")
        case .timedOut: return .interrupted("curl timed out")
        case .notFound: return .impossible(EngineProgram.curl.missing("cannot run curl"))
        case .notStarted(let error):
            return .impossible(
                Failure(.unavailable, "cannot start '\(program)'", because: error.reason))
        }
    }

    /// The environment variables that curl needs: proxies, certificate authorities and directories.
    private static let inheritedNames =
        ["PATH", "HOME", "LANG"] + Proxy.environment
        + ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"]

    /// Interprets the exit status, curl(1). Statuses that can only occur before the request is sent
    /// are listed; after any other one, also of a later curl, the server may have acted on the
    /// request.
    private static func result(
        _ status: Int32, _ words: String, _ request: HTTPRequest
    ) -> TransportResult {
        let origin = request.url.origin
        let host = origin.authority
        // Nothing reaches the server if the proxy does not connect to it.
        let proxy =
            origin.host.isLoopback
            ? nil : Proxy(reaching: origin.host, ProcessEnvironment.value)
        if let trouble = proxy?.trouble(status, words, reaching: origin) {
            switch trouble {
            case .unreachable(let reason): return .unreachable(reason)
            case .refused(let reason, let remedy):
                return .impossible(
                    Failure(
                        .unavailable, "cannot reach '\(host)' through the proxy", because: reason,
                        remedy: remedy))
            }
        }
        let reason =
            (words.isEmpty
                ? "curl exits with status \(status) and says nothing" : "curl says '\(words)'")
            + (proxy.map { ", through the \($0.name)" } ?? "")
        if [58, 59, 60, 77].contains(status), reason.firstRange(ofBytes: "certificate") != nil,
            request.obstacleToAuthorities != nil
        {
            return .impossible(.noAuthorities(request))
        }
        return switch status {
        // Proxy or server not found, or connection refused.
        case 5, 6, 7, 97: .unreachable(reason)
        case 60 where Self.isOfUnknownAuthority(reason):
            .impossible(.unknownAuthority(reason, request))
        // TLS handshake, certificate, or a file for them.
        case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 82, 83, 90, 91, 98, 101:
            .impossible(
                Failure(
                    .unavailable, "cannot establish a secure connection to '\(host)'",
                    because: reason,
                    remedy: WebURL(origin: request.url.origin, path: "/").curlCommand(
                        "-v", certificateAuthorityFile: request.certificateAuthorityFile)))
        // Failed to start, unknown option, missing feature. Not status 1, which also means a
        // response that is not HTTP/1.
        case 2, 3, 4, 34, 41, 45, 48:
            .impossible(
                Failure(
                    .unavailable, "cannot send a request to '\(host)'",
                    because: words.isEmpty ? reason : "\(reason) and exits with status \(status)"))
        default: .interrupted(reason)
        }
    }

    /// Whether curl does not know who signed the certificate, rather than that it is wrong; in the
    /// words of OpenSSL, GnuTLS and others.
    private static func isOfUnknownAuthority(_ reason: String) -> Bool {
        let words: [StaticString] = [
            "issuer certificate", "self-signed", "self signed", "unknown CA", "UnknownIssuer",
            "certificate signer", "unable to verify the first certificate", "not trusted",
        ]
        return words.contains { reason.firstRange(ofBytes: $0) != nil }
    }

    /// curl's error message without its prefix `curl: (6) `. It may repeat what it was told, the
    /// password of a proxy, too.
    private static func words(_ line: String, _ status: Int32, _ request: HTTPRequest) -> String {
        let prefix = "curl: (\(status)) "
        let isPrefixed = line.utf8.starts(with: prefix.utf8)
        return request.secrets.adding(proxySecrets).words(
            isPrefixed ? String(line.dropFirst(prefix.count)) : line, .sentence)
    }

    /// The user names and passwords in the variables that name proxies.
    private static var proxySecrets: [Secret] {
        Proxy.environment.compactMap(ProcessEnvironment.value).flatMap(userInformation)
    }

    /// The user name with its password, and the password, in a proxy's URL, whose scheme may be
    /// missing; as they are and decoded.
    static func userInformation(_ proxy: String) -> [Secret] {
        let start = proxy.firstRange(ofBytes: "://")?.upperBound ?? proxy.startIndex
        guard let end = proxy[start...].lastIndex(of: "@") else { return [] }
        let user = proxy[start..<end]
        let password = user.drop { $0 != ":" }.dropFirst()
        return [String(user), String(password)].flatMap { text in
            let decoded = PercentEncoding.decode(Array(text.utf8))
            return [Secret(text)]
                + (decoded.map { [Secret(String(decoding: $0, as: UTF8.self))] } ?? [])
        }
    }
}

extension HTTPResponse {
    /// Whether a response whose end was not seen is a complete JSON value and not shorter than it
    /// says, or has this token.
    fileprivate func isUsable(with token: String) -> Bool {
        let isShort = header("content-length") != nil && !isComplete
        // The error is ignored: such a body may still have the token.
        if !isShort, (try? JSONValue(parsing: body)) != nil { return true }
        guard (200...299) ~= status else { return false }
        return DamagedAnswer(body, isComplete: isComplete)?.secret(token) != nil
    }
}

extension Failure {
    /// The failure after an answer came that must not be asked for again.
    fileprivate static func unreadableAnswer(_ request: HTTPRequest, _ error: SystemError)
        -> Failure
    {
        Failure(
            .failed, "cannot read the answer of '\(request.url.origin.authority)'",
            because: error.reason)
    }
}
