/// An answer to a request of this machine: a page that loads nothing, is kept nowhere, and tells
/// nobody where it came from.
package struct LocalPage: Sendable {
    /// 100 to 599.
    package let status: Int
    /// HTML. A script or style in it is obeyed, so that it can take the URL out of the history:
    /// whoever writes it escapes all that is not their own.
    package let body: String

    package init(status: Int, body: String) {
        self.status = status
        self.body = body
    }

    /// As it goes over the wire. RFC 9112 §4.
    var encoded: [UInt8] {
        var lines = [
            "HTTP/1.1 \(status) \(reason)",
            "Content-Type: text/html; charset=utf-8",
            "Content-Length: \(body.utf8.count)",
            "Content-Security-Policy: \(contentSecurityPolicy)",
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
        ]
        // All that we answer for any other method. RFC 9110 §15.5.6.
        if status == 405 { lines.append("Allow: GET") }
        return Array("\(lines.joined(separator: "\r\n"))\r\n\r\n\(body)".utf8)
    }

    private var contentSecurityPolicy: String {
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    private var reason: String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 431: "Request Header Fields Too Large"
        default: ""
        }
    }
}
