import CredCLI
import CredCore
import Foundation
import Testing
import Workbench

import struct TestSupport.Example
import struct TestSupport.Row

@Suite("Trace") struct TraceTests {
    private static let events: [TraceEvent] = [
        .profile(name: "m2m", source: "--profile"), .cache(path: "/c", state: "good"),
        .lock(profile: "m2m", state: "taken"), .waiting(milliseconds: 7, reason: "busy"),
        .request(method: "POST", url: "https://as.example/token"),
        .response(status: 200, milliseconds: 9), .noResponse(reason: "refused"),
        .saved(path: "/c"), .started(program: "pass"),
    ]

    @Test("a file gets a line for each step, with process and time")
    func file() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/trace"
        let sink = Trace.sink(setting: path, isVerbose: false)
        for event in Self.events { sink { event } }
        let lines = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        let start = "planet-cred[\(ProcessInfo.processInfo.processIdentifier)] 20"
        #expect(lines.count == Self.events.count)
        #expect(lines.allSatisfy { $0.hasPrefix(start) })
        #expect(
            lines.map { String($0.drop { $0 != " " }.dropFirst(22)) } == [
                "profile 'm2m', chosen by --profile", "cache '/c': good", "lock of 'm2m': taken",
                "waiting 7 ms: busy", "request POST https://as.example/token",
                "response 200 after 9 ms", "no response: refused", "saved '/c'",
                "started 'pass'",
            ])
    }

    @Test("a step is one line, whatever a server says")
    func controls() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/trace"
        let sink = Trace.sink(setting: path, isVerbose: false)
        sink { .noResponse(reason: "a\nb\u{1B}[31m") }
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(text.hasSuffix("no response: a b [31m\n"))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test(
        "nobody who did not ask pays for a trace",
        arguments: [Example("unset", nil), Example("0", "0"), Example("false", "false")]
            as [Example<String?>])
    func off(_ example: Example<String?>) {
        let sink = Trace.sink(setting: example.given, isVerbose: false)
        sink {
            Issue.record("a step was told")
            return .saved(path: "")
        }
    }

    @Test("SEC-04: a trace of an exchange holds neither secret, token nor query")
    func secrets() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/trace"
        let answer = HTTPResponse(status: 200, headers: [], body: Array("SECRET".utf8))
        var world = World.still
        world.engines.send = { _, _, _ in .answered(answer) }
        world.voice.trace = Trace.sink(setting: path, isVerbose: false)
        _ = world.send(
            HTTPRequest(
                .post, try WebURL("https://as.example/token?key=SECRET"),
                headers: [.init("Authorization", Secret("SECRET"))], body: Secret("SECRET")),
            timeLimit: 1)
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        #expect(text.contains("https://as.example/token\n"))
        #expect(!text.contains("SECRET"))
    }
}
