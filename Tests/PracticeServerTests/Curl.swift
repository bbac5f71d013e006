import Foundation
import PracticeServer
import Workbench

/// What `curl` got.
struct Curl {
    /// The exit status of curl: 0, 18 partial file, 52 empty reply, 56 reset, ...
    var exitStatus: Int32
    /// The status of the last response; 0 without one.
    var status: Int
    /// Status lines and headers of all responses.
    var headers: String
    var body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty if it is none.
    var json: [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: body)
        return object as? [String: Any] ?? [:]
    }

    /// The values of all headers of this name.
    func values(of header: String) -> [String] {
        headers.split(whereSeparator: \.isNewline).compactMap { line in
            guard line.lowercased().hasPrefix(header.lowercased() + ": ") else { return nil }
            return String(line.dropFirst(header.count + 2))
        }
    }

    /// Gives up after a second without an answer. The time counts from when the request is sent.
    static let patience = ["--speed-limit", "1", "--speed-time", "1"]

    /// Runs curl with these arguments. A time limit, so that no test hangs.
    static func run(_ arguments: String..., input: Data = Data()) async throws -> Curl {
        try await run(arguments, input: input)
    }

    static func run(_ arguments: [String], input: Data = Data()) async throws -> Curl {
        let scratch = try ScratchFolder()
        try scratch.write("headers", "")
        let options = [
            "--disable", "--silent", "--noproxy", "*", "--max-time", "600",
            "--dump-header", scratch.absolute("headers"), "--write-out", "%{stderr}%{http_code}",
        ]
        let command = try await Command.run(
            "curl", options + arguments, input: Array(input))
        return Curl(
            exitStatus: command.status, status: Int(command.errors.suffix(3)) ?? 0,
            headers: try scratch.read("headers"),
            body: Data(command.output))
    }

    /// A well-formed request for a token.
    static func token(_ server: PracticeServer) async throws -> Curl {
        try await run(
            server.tokenEndpoint, "--data", "grant_type=client_credentials",
            "--data", "client_id=m2m", "--data", "client_secret=m2m-secret")
    }
}
