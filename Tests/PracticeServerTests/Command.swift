import Foundation

/// A program run to its end, with what it wrote.
struct Command {
    var status: Int32
    var output: Data
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// Runs without blocking the threads that tests share.
    static func run(
        _ program: String, _ arguments: [String], input: Data = Data(),
        environment: [String: String] = [:], in folder: String = NSTemporaryDirectory()
    ) async throws -> Command {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try runBlocking(program, arguments, input, environment, folder)
                    })
            }
        }
    }

    private static func runBlocking(
        _ program: String, _ arguments: [String], _ input: Data, _ environment: [String: String],
        _ folder: String
    ) throws -> Command {
        let scratch = try Scratch()
        for name in ["in", "out", "err"] {
            try (name == "in" ? input : Data()).write(to: scratch.file(name))
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { $1 }
        process.currentDirectoryURL = URL(filePath: folder)
        let files = (
            try FileHandle(forReadingFrom: scratch.file("in")),
            try FileHandle(forWritingTo: scratch.file("out")),
            try FileHandle(forWritingTo: scratch.file("err"))
        )
        process.standardInput = files.0
        process.standardOutput = files.1
        process.standardError = files.2
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        ended.wait()
        return Command(
            status: process.terminationStatus, output: try Data(contentsOf: scratch.file("out")),
            errors: String(decoding: try Data(contentsOf: scratch.file("err")), as: UTF8.self))
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
