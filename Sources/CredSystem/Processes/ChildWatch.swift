import CLinux

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
