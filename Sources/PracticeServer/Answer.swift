extension PracticeServer {
    /// A whole response: the usual one of an endpoint, or the one a fault puts in its place.
    package struct Answer: Sendable {
        package var status: Int
        package var headers: Headers
        package var body: [UInt8]
        package var framing: Framing = .contentLength
        package var delivery: Delivery = .whole

        /// How the client learns where the body ends.
        package enum Framing: Sendable { case contentLength, chunked, untilClose }

        /// What the client gets of it.
        package enum Delivery: Sendable {
            case whole
            /// Nothing until the client goes away or the server stops.
            case never
            /// A reset of the connection (RST).
            case reset
        }

        package init(status: Int, headers: Headers = [:], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        package init(status: Int, headers: Headers = [:], text: String) {
            self.init(status: status, headers: headers, body: Array(text.utf8))
        }

        /// A JSON document that no cache may keep.
        package init(status: Int = 200, json: JSON) {
            self.init(
                status: status,
                headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
                body: json.encoded)
        }

        /// The same answer with one more header.
        func adding(_ name: String, _ value: String) -> Answer {
            var answer = self
            answer.headers.append(name, value)
            return answer
        }

        static func plain(_ status: Int, _ text: String) -> Answer {
            Answer(status: status, headers: ["Content-Type": "text/plain"], text: text + "\n")
        }

        /// A page for people.
        static func page(_ text: String) -> Answer {
            Answer(
                status: 200, headers: ["Content-Type": "text/html"],
                text: "<!doctype html><title>Practice server</title><p>\(text)\n")
        }

        static let notFound = plain(404, "nothing here")

        static func notAllowed(only methods: String) -> Answer {
            plain(405, "only \(methods)").adding("Allow", methods)
        }
    }
}
