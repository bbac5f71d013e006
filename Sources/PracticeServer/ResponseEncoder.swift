/// Writes answers as HTTP/1.1 messages. RFC 9112
struct ResponseEncoder {
    let clock: PracticeClock

    enum Connection: String {
        case keepAlive = "keep-alive"
        case close
    }

    /// The message from status line to last byte, to be sent in one write.
    func encode(
        _ answer: PracticeServer.Answer, to method: String, then connection: Connection
    ) -> [UInt8] {
        var head = "HTTP/1.1 \(answer.status) \(Self.reason(answer.status))\r\n"
        for field in answer.headers.fields { head += "\(field.name): \(field.value)\r\n" }
        if answer.headers["Date"] == nil { head += "Date: \(clock.httpDate)\r\n" }
        head += "Connection: \(connection.rawValue)\r\n"
        // RFC 9110 §8.6: no length where there is never a body.
        let isBodiless = answer.status == 204 || answer.status == 304 || answer.status < 200
        switch answer.framing {
        case .contentLength:
            if !isBodiless && answer.headers["Content-Length"] == nil {
                head += "Content-Length: \(answer.body.count)\r\n"
            }
        case .chunked: head += "Transfer-Encoding: chunked\r\n"
        case .untilClose: break
        }
        var message = Array((head + "\r\n").utf8)
        if method != "HEAD" && !isBodiless { append(answer, to: &message) }
        return message
    }

    private func append(_ answer: PracticeServer.Answer, to message: inout [UInt8]) {
        switch answer.framing {
        case .contentLength, .untilClose:
            message += answer.body
        case .chunked:
            let chunkSize = 16 * 1024
            for start in stride(from: 0, to: answer.body.count, by: chunkSize) {
                let chunk = answer.body[start...].prefix(chunkSize)
                message += Array("\(String(chunk.count, radix: 16))\r\n".utf8)
                message += chunk
                message += Array("\r\n".utf8)
            }
            message += Array("0\r\n\r\n".utf8)
        }
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 302: "Found"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        default: "Practice"
        }
    }
}
