import CredCore

/// Writes a request as a configuration file for `curl --config -`, curl(1).
enum CurlConfiguration {
    /// - Parameter timeLimit: in milliseconds, for the whole transfer.
    static func text(_ request: HTTPRequest, timeLimit: Int64, version: String) -> Secret {
        let isLoopback = request.url.origin.host.isLoopback
        var lines = [
            "url = \(quoted(request.url.description))",
            "request = \(quoted(request.method.rawValue))",
            "user-agent = \(quoted("planet-cred/\(version)"))",
            // Plain http is used for loopback only, which needs no proxy.
            isLoopback ? "proto = \"=http,https\"\nnoproxy = \"*\"" : "proto = \"=https\"",
            "tlsv1.2", "silent", "show-error", "include", "suppress-connect-headers", "globoff",
            // Otherwise an answer without a length stays in curl until the connection ends, and is
            // lost if curl is killed.
            "no-buffer",
            "connect-timeout = \(seconds(min(timeLimit, connectTimeLimit)))",
            "max-time = \(seconds(timeLimit))",
            // Without this, old versions wait up to a second for `100 Continue` before they send a
            // body.
            "header = \"Expect:\"",
            // As most clients that decompress nothing; see `ContentCoding`.
            "header = \"Accept-Encoding: identity\"",
        ]
        if let file = request.certificateAuthorityFile { lines.append("cacert = \(quoted(file))") }
        for header in request.headers {
            lines.append("header = \(quoted("\(header.name): \(header.value.reveal())"))")
        }
        if let body = request.body { lines.append("data-raw = \(quoted(body.reveal()))") }
        return Secret(lines.joined(separator: "\n") + "\n")
    }

    /// The timeout for connecting, in milliseconds; a server that takes longer is down.
    private static let connectTimeLimit: Int64 = 10_000

    private static func seconds(_ milliseconds: Int64) -> String {
        let rest = String(milliseconds % 1000)
        let zeros = String(repeating: "0", count: 3 - rest.utf8.count)
        return "\(milliseconds / 1000).\(zeros)\(rest)"
    }

    /// The value in double quotes, with the only escapes that curl knows.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": quoted += "\\\\"
            case "\"": quoted += "\\\""
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
