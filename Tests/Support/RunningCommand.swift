import Foundation
package import Glibc
import Synchronization

/// A command that may still be running. A thread collects what it writes.
package final class RunningCommand: Sendable {
    package let processID: pid_t
    private let needs: [any Sendable]
    private let state = Mutex(State())

    private struct State {
        var outcome: Outcome?
        var waiting: [CheckedContinuation<Outcome, Never>] = []
    }

    /// Owns both descriptors.
    init(
        _ processID: pid_t, output: Int32, errors: Int32, timeLimit: Int64,
        needs: [any Sendable]
    ) {
        self.processID = processID
        self.needs = needs
        Thread.detachNewThread { [self] in
            var collector = Collector(processID, output: output, errors: errors)
            let outcome = collector.run(timeLimit)
            let waiting = state.withLock { state in
                state.outcome = outcome
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(returning: outcome) }
        }
    }

    package func signal(_ number: Int32) { kill(processID, number) }

    package var hasEnded: Bool { state.withLock { $0.outcome != nil } }

    /// Waits until the command has ended and nobody holds its output open.
    package func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.waiting.append(continuation) }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}

/// Reads both streams of a process to their ends and waits for the process.
private struct Collector {
    private let processID: pid_t
    private var streams: [(descriptor: Int32, bytes: [UInt8])]

    init(_ processID: pid_t, output: Int32, errors: Int32) {
        self.processID = processID
        streams = [(output, []), (errors, [])]
    }

    mutating func run(_ timeLimit: Int64) -> Outcome {
        let deadline = ContinuousClock.now + .milliseconds(timeLimit)
        var isInTime = true
        while isInTime, streams.contains(where: { $0.descriptor >= 0 }) {
            var events = streams.map {
                pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
            }
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            isInTime = left > 0 && poll(&events, 2, Int32(left) + 1) != 0
            for index in streams.indices where events[index].revents != 0 { read(index) }
        }
        for stream in streams where stream.descriptor >= 0 { close(stream.descriptor) }
        var status: Int32 = 0
        if !isInTime { kill(-processID, SIGKILL) }
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        return Outcome(
            output: streams[0].bytes,
            errors: String(decoding: streams[1].bytes, as: UTF8.self),
            end: isInTime ? end(status) : .timedOut)
    }

    private mutating func read(_ index: Int) {
        let (count, bytes) = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) {
            let count = Glibc.read(streams[index].descriptor, $0.baseAddress, $0.count)
            return (count, count > 0 ? Array($0[..<count]) : [])
        }
        streams[index].bytes += bytes
        guard count <= 0 else { return }
        close(streams[index].descriptor)
        streams[index].descriptor = -1
    }

    private func end(_ status: Int32) -> Outcome.End {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }
}
