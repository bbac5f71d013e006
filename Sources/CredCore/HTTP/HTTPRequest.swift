/// One request to a server that belongs to a profile.
package struct HTTPRequest: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: Secret

        package init(_ name: String, _ value: Secret) {
            self.name = name
            self.value = value
        }
    }

    package let method: Method
    package let url: WebURL
    /// The headers, including `Accept` and `Content-Type`; the transport adds its own.
    package let headers: [Header]
    package let body: Secret?
    /// A PEM file of certificate authorities to trust instead of the system's.
    package let certificateAuthorityFile: String?
    /// The secrets in the request, to be hidden in everything that is shown about it.
    package let secrets: SentSecrets

    /// - Parameter secrets: those in the body; `nil` if the whole body is one. The credential of
    ///   an `Authorization` header and the query of the URL are added.
    package init(
        _ method: Method, _ url: WebURL, headers: [Header] = [], body: Secret? = nil,
        secrets: SentSecrets? = nil, certificateAuthorityFile: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.certificateAuthorityFile = certificateAuthorityFile
        let query = url.query.map { Secret($0) }
        self.secrets = (secrets ?? SentSecrets([body].compactMap { $0 }))
            .adding(headers.compactMap { $0.credential } + [query].compactMap { $0 })
    }
}

extension HTTPRequest.Header {
    /// The credential of an `Authorization` header, without the scheme; `nil` for other headers.
    fileprivate var credential: Secret? {
        guard name == "Authorization" else { return nil }
        let parts = value.reveal().split(separator: " ", maxSplits: 1)
        return parts.last.map { Secret(String($0)) }
    }
}

extension HTTPRequest.Header {
    package static let acceptJSON = HTTPRequest.Header("Accept", Secret("application/json"))
    package static let formContent = HTTPRequest.Header(
        "Content-Type", Secret("application/x-www-form-urlencoded"))
}

/// Where the transport saves an answer that must not be lost if this process dies. The transport
/// writes the file itself and holds the locks until it has finished.
package struct Recording: Hashable, Sendable {
    /// The descriptor of the file.
    package let output: Int32
    /// Where the answer starts in the file, in bytes.
    package let start: Int
    /// The descriptors of the locks.
    package let locks: [Int32]

    package init(output: Int32, start: Int, locks: [Int32]) {
        self.output = output
        self.start = start
        self.locks = locks
    }
}
