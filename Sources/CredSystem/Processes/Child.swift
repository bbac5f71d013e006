import CLinux
package import CredCore

/// A program that does a part of the work: its whole input is there before it starts, its output is
/// bounded, and it has a deadline. It inherits its three standard streams, its further inputs and
/// the lock of a recorded exchange, and nothing else.
package struct Child: Sendable {
    /// A path, or a name that is looked for in `PATH`.
    package let program: String
    /// Without the program's own name. Everybody on the machine can read them: never a secret.
    package let arguments: [String]
    /// `NAME=value` entries.
    package let environment: [String]
    package let input: Secret
    /// What it can open as `/dev/fd/3`, `/dev/fd/4` and so on.
    package let furtherInputs: [[UInt8]]
    /// How long it may take, in milliseconds.
    package let timeLimit: Int64
    /// Where its output goes instead of into memory; it then has a session of its own, so that
    /// Ctrl-C at our terminal does not reach it.
    package let recording: Recording?
    /// Tells output that is all we want: the child is then ended at once.
    package let isEnough: @Sendable ([UInt8]) -> Bool

    /// More than this much output is refused, in bytes: a token answer has about 2 KB.
    package static let outputLimit = 1 << 20

    package init(
        _ program: String, _ arguments: [String], environment: [String],
        input: Secret = Secret(""), furtherInputs: [[UInt8]] = [], timeLimit: Int64,
        recording: Recording? = nil,
        isEnough: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.furtherInputs = furtherInputs
        self.timeLimit = timeLimit
        self.recording = recording
        self.isEnough = isEnough
    }

    package enum Outcome: Sendable {
        /// It ended by itself, or wrote enough, which is status 0 however it ends after that. What it
        /// recorded is not in `output`.
        case exited(status: Int32, output: [UInt8], errorLine: String)
        case killed(signal: Int32)
        case timedOut
        case wroteTooMuch
        /// There is no such program.
        case notFound
        case notStarted(SystemError)
    }

    package func run() -> Outcome {
        guard let input = inputDescriptor() else { return .notStarted(SystemError.last) }
        let furtherNumbers = furtherInputs.map(Self.memoryFile)
        defer { for number in furtherNumbers where number >= 0 { close(number) } }
        guard furtherNumbers.allSatisfy({ $0 >= 0 }) else { return .notStarted(SystemError.last) }
        guard var output = Pipe(), var errors = Pipe() else { return .notStarted(SystemError.last) }
        // Whoever ignores SIGCHLD never hears how a child ended, and that is inherited.
        let inherited = linux_default_signal(SIGCHLD)
        defer { signal(SIGCHLD, inherited) }
        let clock = SystemClock.uptime()
        let streams = [input.number, recording?.output ?? output.writeNumber, errors.writeNumber]
        let session: Spawn.Session = recording == nil ? .sameSession : .newSession
        let start = withBoundedFiles {
            Spawn.start(
                program, [program] + arguments, environment: environment,
                streams: streams + (recording.map { [$0.lock] } ?? []) + furtherNumbers,
                session)
        }
        switch start {
        case .failed(let error):
            return error.meansMissing ? .notFound : .notStarted(error)
        case .started(let processID):
            output.write = nil
            errors.write = nil
            var watch = ChildWatch(
                processID: processID, session, output: output.read.number,
                errors: errors.read.number, deadline: clock + timeLimit, isEnough)
            return watch.run()
        }
    }

    /// Runs `body`; a program that it starts cannot record more than `outputLimit`.
    private func withBoundedFiles<Result>(_ body: () -> Result) -> Result {
        let fileSize = __rlimit_resource_t(UInt32(linux_limit_file_size))
        var old = rlimit()
        guard recording != nil, getrlimit(fileSize, &old) == 0 else { return body() }
        var bounded = rlimit(
            rlim_cur: min(rlim_t(Self.outputLimit), old.rlim_max), rlim_max: old.rlim_max)
        setrlimit(fileSize, &bounded)
        defer { setrlimit(fileSize, &old) }
        return body()
    }

    /// The reading end of a pipe that holds the whole input, or a memory file where it does not fit.
    private func inputDescriptor() -> Descriptor? {
        let bytes = Array(input.reveal().utf8)
        if bytes.count <= 60_000, let pipe = Pipe() {
            // A pipe may be smaller than usual where a user has many: then it would block.
            _ = linux_fcntl(pipe.writeNumber, F_SETFL, O_NONBLOCK)
            let written = bytes.withUnsafeBytes {
                write(pipe.writeNumber, $0.baseAddress, $0.count)
            }
            if written == bytes.count { return pipe.intoReadEnd() }
        }
        let number = Self.memoryFile(bytes)
        return number >= 0 ? Descriptor(number) : nil
    }

    /// A file in memory that holds these bytes, which the caller closes; -1 if there is none.
    ///
    /// Its number is above all that the child will know, so that giving one to the child never
    /// overwrites another.
    private static func memoryFile(_ bytes: [UInt8]) -> Int32 {
        let number = memfd_create("planet-cred", UInt32(linux_memfd_close_on_exec))
        guard number >= 0 else { return -1 }
        let first = Descriptor(number)
        guard first.write(bytes) == nil, lseek(first.number, 0, SEEK_SET) == 0 else { return -1 }
        return linux_fcntl(first.number, F_DUPFD_CLOEXEC, 16)
    }
}

/// Collects the output of a running child until it ends, writes too much, or its time is over.
struct ChildWatch {
    private let processID: pid_t
    private let session: Spawn.Session
    private let deadline: Int64
    private let isEnough: ([UInt8]) -> Bool
    private var output: Stream
    private var errors: Stream

    private struct Stream {
        let descriptor: Int32
        var bytes: [UInt8] = []
        var isOpen = true

        /// Takes what is there right now.
        mutating func drain() {
            while isOpen, bytes.count <= Child.outputLimit {
                switch Descriptor.readChunk(descriptor, upTo: 65_536) {
                case .bytes(let chunk): bytes += chunk
                case .nothingYet: return
                case .end, .failed: isOpen = false
                }
            }
        }
    }

    init(
        processID: pid_t, _ session: Spawn.Session, output: Int32, errors: Int32, deadline: Int64,
        _ isEnough: @escaping ([UInt8]) -> Bool
    ) {
        self.processID = processID
        self.session = session
        self.deadline = deadline
        self.isEnough = isEnough
        self.output = Stream(descriptor: output)
        self.errors = Stream(descriptor: errors)
        _ = linux_fcntl(output, F_SETFL, O_NONBLOCK)
        _ = linux_fcntl(errors, F_SETFL, O_NONBLOCK)
    }

    /// A grandchild may keep the streams open for ever, so the end of the child itself is what
    /// counts; it is seen through a pidfd, or by looking now and then on kernels before 5.3.
    mutating func run() -> Child.Outcome {
        let number = pidfd_open(processID, 0)
        defer { if number >= 0 { close(number) } }
        while true {
            let left = deadline - SystemClock.uptime()
            guard left > 0 else { return stop(.timedOut) }
            wait(for: number, milliseconds: left)
            output.drain()
            errors.drain()
            guard !isTooMuch else { return stop(.wroteTooMuch) }
            if isEnough(output.bytes) { return stop(outcome(0)) }
            if let status = collect(WNOHANG) {
                // Between the look above and its end it may have had some last words.
                output.drain()
                errors.drain()
                return isTooMuch ? .wroteTooMuch : outcome(status)
            }
        }
    }

    private var isTooMuch: Bool {
        output.bytes.count > Child.outputLimit || errors.bytes.count > Child.outputLimit
    }

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

    private func stop(_ outcome: Child.Outcome) -> Child.Outcome {
        switch session {
        case .sameSession: kill(processID, SIGKILL)
        // With all that it has started: a request must not go on once we have given it up.
        case .newSession: kill(-processID, SIGKILL)
        }
        _ = collect(0)
        return outcome
    }

    /// The wait status, once the child has ended.
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
