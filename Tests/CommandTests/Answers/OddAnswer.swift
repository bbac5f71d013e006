import Foundation
import PracticeServer
import Testing

/// A change to the usual answer of the token endpoint, as servers, proxies and networks make them.
struct OddAnswer: Sendable, CustomTestStringConvertible {
    typealias Answer = PracticeServer.Answer

    let testDescription: String
    let change: @Sendable (Answer) -> Answer

    init(_ name: String, _ change: @escaping @Sendable (Answer) -> Answer) {
        testDescription = name
        self.change = change
    }

    /// A change of the body alone.
    static func body(_ name: String, _ change: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Self {
        Self(name) { answer in
            var answer = answer
            answer.body = change(answer.body)
            return answer
        }
    }

    /// A change of the body as text.
    static func text(_ name: String, _ change: @escaping @Sendable (String) -> String) -> Self {
        body(name) { Array(change(String(decoding: $0, as: UTF8.self)).utf8) }
    }

    /// More members, the first ones of the object.
    static func first(_ name: String, _ members: String) -> Self {
        text(name) { "{\(members),\($0.dropFirst())" }
    }

    static func bytes(_ name: String, first members: [UInt8]) -> Self {
        body(name) { Array("{".utf8) + members + Array(",".utf8) + $0.dropFirst() }
    }

    /// A body that Python's zlib, or the like, has made of the usual one, with a name for it.
    static func compressed(_ name: String, by code: String, as encoding: String) -> Self {
        Self(name) { answer in
            var answer = answer
            answer.body = (try? python(code, answer.body)) ?? []
            answer.headers.append("Content-Encoding", encoding)
            return answer
        }
    }

    /// The same one, framed in another way.
    func framed(_ framing: Answer.Framing) -> Self {
        Self("\(testDescription), \(framing)") { answer in
            var answer = change(answer)
            answer.framing = framing
            return answer
        }
    }

    /// The usual members as a form.
    static func form(_ body: String) -> String {
        body.dropFirst().dropLast().split(separator: ",")
            .map { $0.replacing("\"", with: "").replacing(":", with: "=") }.joined(separator: "&")
    }

    /// The answer announced whole and cut off where `find` says.
    static func cut(_ name: String, after find: @escaping @Sendable (String) -> String.Index)
        -> Self
    {
        Self(name) { answer in
            var answer = answer
            let text = String(decoding: answer.body, as: UTF8.self)
            answer.headers.append("Content-Length", "\(answer.body.count + 100)")
            answer.body = Array(text[..<find(text)].utf8)
            answer.framing = .untilClose
            return answer
        }
    }

    private static func python(_ code: String, _ input: [UInt8]) throws -> [UInt8] {
        let process = Process()
        let (stdin, stdout) = (Foundation.Pipe(), Foundation.Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import sys, gzip, zlib; d = sys.stdin.buffer.read(); sys.stdout.buffer.write(\(code))",
        ]
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        stdin.fileHandleForWriting.write(Data(input))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(output)
    }
}
