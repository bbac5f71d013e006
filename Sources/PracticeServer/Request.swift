extension PracticeServer {
    /// One request as it arrived, with its body unpacked from chunks and nothing else changed.
    package struct Request: Sendable {
        package let method: String
        /// The path as sent, not percent-decoded.
        package let path: String
        /// What stood after the question mark; `nil` without one.
        package let query: String?
        package let headers: Headers
        package let body: [UInt8]
        /// When the last byte was read.
        package let time: ContinuousClock.Instant
        let version: Version

        enum Version: Sendable { case http10, http11 }

        package var bodyText: String { String(decoding: body, as: UTF8.self) }

        /// The body decoded as a form, in order; empty if it is not one.
        package var form: [(name: String, value: String)] { Form.decode(body) ?? [] }

        /// The first form field of this name.
        package func field(_ name: String) -> String? { form.first { $0.name == name }?.value }

        /// The first parameter of this name in the query.
        package func parameter(_ name: String) -> String? {
            Form.decode(Array((query ?? "").utf8))?.first { $0.name == name }?.value
        }

        /// Whether the client wants to send another request on this connection. RFC 9112 §9.3
        var keepsConnection: Bool {
            let options = headers.values(of: "Connection").joined(separator: ",").lowercased()
            return version == .http11 && !options.contains("close")
        }
    }
}
