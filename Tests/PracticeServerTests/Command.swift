import Foundation
import TestSupport

/// A program run to its end in the developer's own environment, with what it wrote.
struct Command {
    var status: Int32
    var output: Data
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    static func run(
        _ program: String, _ arguments: [String], input: Data = Data(),
        environment: [String: String] = [:], in folder: String = NSTemporaryDirectory()
    ) async throws -> Command {
        var command = TestSupport.Command(
            program, arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
        command.input = Array(input)
        command.folder = folder
        let outcome = try await command.run()
        let status: Int32 =
            switch outcome.end {
            case .exited(let status): status
            case .killed(let signal): 128 + signal
            case .timedOut: -1
            }
        return Command(status: status, output: Data(outcome.output), errors: outcome.errors)
    }
}

/// A folder that lasts as long as its value.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/practice-test-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    // Ignoring the error is right: a folder left in /tmp breaks no test.
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> URL { URL(filePath: path + "/" + name) }
}
