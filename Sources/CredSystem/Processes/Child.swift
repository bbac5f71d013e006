import CLinux
package import CredCore

/// A child program whose input is complete before it starts, with bounded output and a timeout. It
/// inherits its three standard streams, its further inputs and the lock of a recorded request, and
/// nothing else.
package struct Child: Sendable {
    /// A path, or a name that is searched in `PATH`.
    package let program: String
    /// The arguments without the program's name. Every user of the machine can read them: never a
    /// secret.
    package let arguments: [String]
    /// `NAME=value` entries.
    package let environment: [String]
    package let input: Secret
    /// Files that it can open as `/dev/fd/3`, `/dev/fd/4` and so on.
    package let furtherInputs: [[UInt8]]
    /// The timeout in milliseconds.
    package let timeLimit: Int64
    /// The maximum size of what it writes to each stream, in bytes. The start is kept.
    package let outputLimit: Int
    /// The file for its output, instead of memory; the child then has its own session, so that
    /// Ctrl-C on our terminal does not reach it.
    package let recording: Recording?
    /// Whether the output so far is all that is needed; the child is then killed at once.
    package let isEnough: @Sendable ([UInt8]) -> Bool
    package let leftover: Leftover
    /// The entry of `environment` that marks what the child starts; see `ProcessTree`.
    package let mark: String?

    /// What happens to a child that was killed because its output was enough.
    package enum Leftover: Hashable, Sendable {
        /// We wait until it has ended, so that no zombie stays with a process that lives on.
        case reaped
        /// The system reaps it, because this process ends at once. It takes a program with thirty
        /// libraries half a millisecond to end.
        case orphaned
    }

    /// The usual `outputLimit`.
    package static let outputLimit = 1 << 20

    package init(
        _ program: String, _ arguments: [String], environment: [String],
        input: Secret = Secret(""), furtherInputs: [[UInt8]] = [], timeLimit: Int64,
        outputLimit: Int = Child.outputLimit, recording: Recording? = nil,
        isEnough: @escaping @Sendable ([UInt8]) -> Bool = { _ in false },
        leftover: Leftover = .reaped, mark: String? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.furtherInputs = furtherInputs
        self.timeLimit = timeLimit
        self.outputLimit = outputLimit
        self.recording = recording
        self.isEnough = isEnough
        self.leftover = leftover
        self.mark = mark
    }

    package enum Outcome: Sendable {
        /// It ended by itself, or was killed because of `isEnough`, which counts as status 0.
        /// Recorded output is not in `output`.
        case exited(status: Int32, output: [UInt8], errorLine: String)
        case killed(signal: Int32)
        case timedOut
        case wroteTooMuch
        /// There is no such program.
        case notFound
        case notStarted(SystemError)
    }

    package func run() -> Outcome { runKeepingOutput().outcome }

    /// Runs it, and also returns what it wrote before it was killed or failed. Recorded output is
    /// not in `output`.
    package func runKeepingOutput() -> (outcome: Outcome, output: [UInt8]) {
        guard let input = inputDescriptor() else { return (.notStarted(SystemError.last), []) }
        let furtherNumbers = furtherInputs.map(Self.memoryFile)
        defer { for number in furtherNumbers where number >= 0 { close(number) } }
        guard furtherNumbers.allSatisfy({ $0 >= 0 }), var output = Pipe(), var errors = Pipe()
        else {
            return (.notStarted(SystemError.last), [])
        }
        // With SIGCHLD ignored, which may be inherited, the exit status of children is lost.
        let inherited = linux_default_signal(SIGCHLD)
        defer { signal(SIGCHLD, inherited) }
        let clock = SystemClock.uptime()
        let streams = [input.number, recording?.output ?? output.writeNumber, errors.writeNumber]
        let session: Spawn.Session = recording == nil ? .sameSession : .newSession
        let start = withBoundedFiles {
            Spawn.start(
                program, [program] + arguments, environment: environment,
                streams: streams + (recording?.locks ?? []) + furtherNumbers,
                session)
        }
        switch start {
        case .failed(let error):
            return (error.meansMissing ? .notFound : .notStarted(error), [])
        case .started(let processID):
            output.write = nil
            errors.write = nil
            var watch = ChildWatch(
                ProcessTree(root: processID, mark: mark), processID: processID, session,
                output: output.read.number,
                errors: errors.read.number, deadline: clock + timeLimit,
                outputLimit: outputLimit, isEnough, leftover)
            let outcome = watch.run()
            return (outcome, watch.writtenOutput)
        }
    }

    /// Runs `body` with a limit of `outputLimit` for the files that its child writes.
    ///
    /// The child ignores SIGXFSZ, so that writing fails at the limit and it ends by itself: the
    /// signal would kill it, with a core dump of its memory where they are on. curl's own
    /// `max-filesize` is no limit for answers without a length before curl 8.4, and would refuse
    /// all of the others, whose start may contain the token.
    private func withBoundedFiles<Result>(_ body: () -> Result) -> Result {
        guard recording != nil else { return body() }
        let inherited = linux_ignore_signal(SIGXFSZ)
        defer { signal(SIGXFSZ, inherited) }
        return ResourceLimit.fileSize.lowered(to: outputLimit, body)
    }

    /// The reading end of a pipe that contains the whole input, or a memory file if it does not
    /// fit.
    private func inputDescriptor() -> Descriptor? {
        let bytes = Array(input.reveal().utf8)
        if bytes.count <= 60_000, let pipe = Pipe() {
            // A pipe may be smaller than usual if the user has many; writing would then block.
            _ = linux_fcntl(pipe.writeNumber, F_SETFL, O_NONBLOCK)
            let written = bytes.withUnsafeBytes {
                write(pipe.writeNumber, $0.baseAddress, $0.count)
            }
            if written == bytes.count { return pipe.intoReadEnd() }
        }
        let number = Self.memoryFile(bytes)
        return number >= 0 ? Descriptor(number) : nil
    }

    /// A file in memory with these bytes, which the caller closes; -1 on failure.
    ///
    /// Its number is above all that the child will use, so that passing one to the child never
    /// overwrites another.
    private static func memoryFile(_ bytes: [UInt8]) -> Int32 {
        let number = memfd_create("planet-cred", UInt32(linux_memfd_close_on_exec))
        guard number >= 0 else { return -1 }
        let first = Descriptor(number)
        guard first.write(bytes) == nil, lseek(first.number, 0, SEEK_SET) == 0 else { return -1 }
        return linux_fcntl(first.number, F_DUPFD_CLOEXEC, 16)
    }
}

/// Collects the output of a running child until it ends, writes too much, or times out.
struct ChildWatch {
    private let tree: ProcessTree
    private let processID: pid_t
    private let session: Spawn.Session
    private let deadline: Int64
    private let isEnough: ([UInt8]) -> Bool
    private let leftover: Child.Leftover
    private var output: Stream
    private var errors: Stream

    private struct Stream {
        let descriptor: Int32
        let limit: Int
        var bytes: [UInt8] = []
        var isOpen = true

        /// Reads what is available without waiting.
        mutating func drain() {
            while isOpen, !isTooMuch {
                switch Descriptor.readChunk(descriptor, upTo: 65_536) {
                case .bytes(let chunk): bytes += chunk
                case .nothingYet: return
                case .end, .failed: isOpen = false
                }
            }
        }

        var isTooMuch: Bool { bytes.count > limit }
    }

    var writtenOutput: [UInt8] { output.bytes }

    init(
        _ tree: ProcessTree, processID: pid_t, _ session: Spawn.Session, output: Int32,
        errors: Int32, deadline: Int64, outputLimit: Int,
        _ isEnough: @escaping ([UInt8]) -> Bool, _ leftover: Child.Leftover
    ) {
        self.tree = tree
        self.processID = processID
        self.session = session
        self.deadline = deadline
        self.isEnough = isEnough
        self.leftover = leftover
        self.output = Stream(descriptor: output, limit: outputLimit)
        self.errors = Stream(descriptor: errors, limit: outputLimit)
        _ = linux_fcntl(output, F_SETFL, O_NONBLOCK)
        _ = linux_fcntl(errors, F_SETFL, O_NONBLOCK)
    }

    /// Waits for the end of the child itself, because a grandchild may keep the streams open; uses
    /// a pidfd, or polls on kernels before 5.3.
    mutating func run() -> Child.Outcome {
        let number = pidfd_open(processID, 0)
        defer { if number >= 0 { close(number) } }
        while true {
            let left = deadline - SystemClock.uptime()
            guard left > 0 else { return stopAll(.timedOut) }
            wait(for: number, milliseconds: left)
            output.drain()
            errors.drain()
            guard !isTooMuch else { return stopAll(.wroteTooMuch) }
            if isEnough(output.bytes) { return stop(outcome(0), leftover) }
            if let status = collect(WNOHANG) {
                // It may have written more between the last read and its end.
                output.drain()
                errors.drain()
                return isTooMuch ? .wroteTooMuch : outcome(status)
            }
        }
    }

    private var isTooMuch: Bool { output.isTooMuch || errors.isTooMuch }

    private func wait(for processDescriptor: Int32, milliseconds: Int64) {
        var events: [pollfd] = []
        for stream in [output, errors] where stream.isOpen {
            events.append(pollfd(fd: stream.descriptor, events: Int16(POLLIN), revents: 0))
        }
        if processDescriptor >= 0 {
            events.append(pollfd(fd: processDescriptor, events: Int16(POLLIN), revents: 0))
        }
        let limit = processDescriptor >= 0 ? milliseconds : min(milliseconds, 5)
        _ = poll(&events, nfds_t(events.count), Int32(clamping: limit))
    }

    /// Ends the child and everything that it started, which must not go on after we have given up.
    private func stopAll(_ outcome: Child.Outcome) -> Child.Outcome {
        switch session {
        case .sameSession: tree.end()
        case .newSession: kill(-processID, SIGKILL)
        }
        return stop(outcome, .reaped)
    }

    private func stop(_ outcome: Child.Outcome, _ leftover: Child.Leftover) -> Child.Outcome {
        kill(processID, SIGKILL)
        switch leftover {
        case .reaped: _ = collect(0)
        case .orphaned: break
        }
        return outcome
    }

    /// The wait status; `nil` while the child is running.
    private func collect(_ options: Int32) -> Int32? {
        var status: Int32 = 0
        return retrying({ waitpid(processID, &status, options) }) == processID ? status : nil
    }

    private func outcome(_ status: Int32) -> Child.Outcome {
        let status = isEnough(output.bytes) ? 0 : status
        let signal = status & 0x7F
        guard signal == 0 else { return .killed(signal: signal) }
        let line = errors.bytes.split(separator: 0x0A).first ?? []
        return .exited(
            status: status >> 8 & 0xFF, output: output.bytes,
            errorLine: String(decoding: line, as: UTF8.self))
    }
}
