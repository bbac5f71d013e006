import Foundation
import PracticeServer

/// What servers, proxies and networks have sent in place of a JSON object.
extension OddAnswer {
    private static let padding: String = String(repeating: "x", count: 1_500_000)
    private static let deep: String =
        String(repeating: "[", count: 500) + String(repeating: "]", count: 500)

    /// Answers with both tokens.
    static let readable: [OddAnswer] = [
        .compressed("gzip", by: "gzip.compress(d)", as: "gzip"),
        .compressed("gzip that is not announced", by: "gzip.compress(d)", as: "identity"),
        .compressed("gzip in chunks", by: "gzip.compress(d)", as: "gzip").framed(.chunked),
        .compressed("deflate", by: "zlib.compress(d)", as: "deflate"),
        .compressed("deflate without a frame", by: "zlib.compress(d)[2:-4]", as: "deflate"),
        .compressed("an encoding that is none", by: "d", as: "utf-8"),
        .compressed("an encoding that was not used", by: "d", as: "gzip"),
        .bytes("no UTF-8", first: Array(#""name":""#.utf8) + [0xE9, 0x22]),
        .body("no UTF-8 at the end") { $0 + [0xFF] },
        .first("500 levels", "\"a\":\(deep)"),
        .text("bytes after the object") { $0 + "<!-- 12 ms -->" },
        .text("bytes before the object") { "Notice: undefined index in /srv/oauth.php\n\($0)" },
        .text("a byte order mark") { "\u{FEFF}\($0)" },
        .text("a form", OddAnswer.form),
        .text("a form in chunks", OddAnswer.form).framed(.chunked),
        .text("a form until the end", OddAnswer.form).framed(.untilClose),
        .body("UTF-16") { utf16($0, isLittle: true) },
        .body("UTF-16, the other way round") { utf16($0, isLittle: false) },
        .body("UTF-16 with a mark") { [0xFF, 0xFE] + utf16($0, isLittle: true) },
        .body("UTF-16 with a mark, the other way round") {
            [0xFE, 0xFF] + utf16($0, isLittle: false)
        },
        .first("1.5 MB", "\"a\":\"\(padding)\""),
        .first("1.5 MB in chunks", "\"a\":\"\(padding)\"").framed(.chunked),
        .text("1.5 MB after the tokens") { "\($0.dropLast()),\"a\":\"\(padding)\"}" },
        .text("5 MB after the tokens") {
            $0.dropLast() + ",\"a\":\"" + padding + padding + padding + padding + "\"}"
        },
        OddAnswer("200 KB of headers") { answer in
            var answer = answer
            for number in 0..<200 {
                answer.headers.append("X-\(number)", String(repeating: "h", count: 1000))
            }
            return answer
        },
        .first("a refresh token before the one that counts", #""refresh_token":"old""#),
        .bytes("zeros between the members", first: Array("\"a\":1\0\0".utf8)),
        .body("zeros at the end") { $0 + [0, 0, 0, 0] },
        .first("a line in a string", "\"a\":\"b\nc\""),
        .text("a comma too many") { "\($0.dropLast()),}" },
        .text("no type") { $0.replacing(#""token_type":"Bearer","#, with: "") + "!" },
        .first(
            "text that quotes an answer",
            #""a":"{\"refresh_token\":\"other\"}","b":{"refresh_token":"other"}"#),
        .cut("cut off after the tokens") { $0.index(before: $0.endIndex) },
        .cut("cut off in what follows the tokens") {
            $0.range(of: "\"refresh_expires")?.upperBound ?? $0.index(before: $0.endIndex)
        },
    ]

    private static func utf16(_ body: [UInt8], isLittle: Bool) -> [UInt8] {
        String(decoding: body, as: UTF8.self).utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isLittle ? bytes : bytes.reversed()
        }
    }

    /// Answers whose refresh token cannot be told, or cannot be read.
    static let unreadable: [OddAnswer] = [
        .text("in a list") { "[\($0)]" }, .text("in another object") { #"{"data":\#($0)}"# },
        .text("in a string") { "\"\($0.replacing("\"", with: "\\\""))\"" },
        .body("in a form that nobody knows") { [0x8F, 0x02] + $0.map { $0 ^ 0x5A } },
        .text("in a name of its own") {
            $0.replacing("refresh_token", with: "refreshToken").replacing("Bearer", with: "x")
        },
        .text("with a zero in it") { $0.replacing("_token\":\"", with: "_token\":\"\0") },
    ]

    /// Those that need no end: without a length the last field of a form may be cut off.
    static let readableLater = readable.filter {
        !["a form in chunks", "a form until the end"].contains(
            $0.testDescription.split(separator: ",").first.map(String.init))
    }
}
