import CLinux
import Foundation
import Glibc
import Synchronization

/// A command that may still be running. A thread collects what it writes.
package final class RunningCommand: Sendable {
    let process: ChildProcess
    private let needs: [any Sendable]
    private let state = Mutex(State())

    /// Where a command writes to.
    enum Stream: Sendable { case output, errors, terminal }

    private struct State {
        var written: [Stream: [UInt8]] = [:]
        var outcome: Outcome?
        var waiting: [CheckedContinuation<Outcome, Never>] = []
    }

    /// Owns the descriptors, from which the streams can be read.
    init(
        _ process: ChildProcess, reading streams: [Stream: Int32], timeLimit: Int64,
        needs: [any Sendable]
    ) {
        self.process = process
        self.needs = needs
        Thread.detachNewThread { [self] in
            var collector = Collector(process, streams)
            let end = collector.run(timeLimit) { stream, bytes in
                state.withLock { $0.written[stream, default: []] += bytes }
            }
            finish(end)
        }
    }

    package var processID: Int32 { process.processID }

    package func signal(_ number: Int32) { process.signal(number) }

    package var hasEnded: Bool { state.withLock { $0.outcome != nil } }

    /// Waits until the command has ended and no process has its output open.
    package func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.waiting.append(continuation) }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    /// What it has written so far.
    func written(to stream: Stream) -> [UInt8] { state.withLock { $0.written[stream] ?? [] } }

    private func finish(_ end: Outcome.End) {
        let (outcome, waiting) = state.withLock { state in
            let outcome = Outcome(
                output: state.written[.output] ?? [],
                errors: String(decoding: state.written[.errors] ?? [], as: UTF8.self), end: end)
            state.outcome = outcome
            defer { state.waiting = [] }
            return (outcome, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }
}

/// Reads the streams of a process to their ends and waits for the process.
private struct Collector {
    private let process: ChildProcess
    private var streams: [(stream: RunningCommand.Stream, descriptor: Int32)]

    init(_ process: ChildProcess, _ streams: [RunningCommand.Stream: Int32]) {
        self.process = process
        self.streams = streams.map { (stream: $0, descriptor: $1) }
    }

    mutating func run(
        _ timeLimit: Int64, _ collect: (RunningCommand.Stream, [UInt8]) -> Void
    ) -> Outcome.End {
        let deadline = ContinuousClock.now + .milliseconds(timeLimit)
        var isInTime = true
        while isInTime, streams.contains(where: { $0.descriptor >= 0 }) {
            var events = streams.map {
                pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
            }
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            isInTime = left > 0 && poll(&events, nfds_t(events.count), Int32(left) + 1) != 0
            for index in streams.indices where events[index].revents != 0 {
                collect(streams[index].stream, read(index))
            }
        }
        for stream in streams where stream.descriptor >= 0 { close(stream.descriptor) }
        if !isInTime { process.endGroup() }
        // Nobody else waits for it, so this does not fail.
        let ending = try? process.wait()
        return isInTime ? ending?.end ?? .timedOut : .timedOut
    }

    private mutating func read(_ index: Int) -> [UInt8] {
        let (count, bytes) = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) {
            let count = Glibc.read(streams[index].descriptor, $0.baseAddress, $0.count)
            return (count, count > 0 ? Array($0[..<count]) : [])
        }
        guard count <= 0 else { return bytes }
        close(streams[index].descriptor)
        streams[index].descriptor = -1
        return []
    }
}
