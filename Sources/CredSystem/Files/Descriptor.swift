import CLinux

/// An open file descriptor, which is closed when the value is destroyed and not inherited by child
/// programs.
struct Descriptor: ~Copyable {
    private let open: Open

    /// A class, because other modules can then find its deinit through the object.
    private final class Open {
        let number: Int32
        var isOpen = true

        init(_ number: Int32) { self.number = number }

        deinit { if isOpen { CLinux.close(number) } }
    }

    var number: Int32 { open.number }

    /// - Parameter number: a descriptor that nobody else closes.
    init(_ number: Int32) {
        open = Open(number)
    }

    /// Closes the descriptor and returns the error; some file systems report a full disk only then.
    consuming func close() -> SystemError? {
        open.isOpen = false
        return CLinux.close(number) == 0 ? nil : SystemError.last
    }

    /// Whether the path, not followed if it is a link, still names this open file.
    func isNamed(_ path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(number, &opened) == 0 && lstat(path, &named) == 0
            && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
    }

    /// A descriptor above 2 for the same open file, closed on exec.
    static func aboveStandardStreams(_ number: Int32) -> Int32 {
        guard number <= 2 else {
            _ = linux_fcntl(number, F_SETFD, FD_CLOEXEC)
            return number
        }
        let copy = linux_fcntl(number, F_DUPFD_CLOEXEC, 3)
        CLinux.close(number)
        return copy
    }

    /// Writes all of `bytes`; returns the error, or `nil`.
    func write(_ bytes: [UInt8]) -> SystemError? {
        Self.write(bytes, to: number)
    }

    static func write(_ bytes: [UInt8], to number: Int32) -> SystemError? {
        bytes.withUnsafeBufferPointer { write($0, to: number) }
    }

    static func write(_ bytes: UnsafeBufferPointer<UInt8>, to number: Int32) -> SystemError? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let start = UnsafeBufferPointer(rebasing: rest)
            let count = retrying { CLinux.write(number, start.baseAddress, start.count) }
            guard count > 0 else { return SystemError.last }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    /// The result of reading from a non-blocking or ready descriptor.
    enum Chunk {
        case bytes([UInt8])
        case end
        case nothingYet
        case failed(SystemError)
    }

    static func readChunk(_ number: Int32, upTo count: Int) -> Chunk {
        var outcome = Chunk.end
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let read = retrying { CLinux.read(number, buffer.baseAddress, count) }
            initialized = max(read, 0)
            guard read < 0 else { return }
            outcome = linux_errno() == EAGAIN ? .nothingYet : .failed(SystemError.last)
        }
        return bytes.isEmpty ? outcome : .bytes(bytes)
    }

    /// Waits until a descriptor is ready or the deadline has passed, in milliseconds of uptime, and
    /// returns those that are ready.
    static func ready(_ events: [pollfd], until deadline: Int64) -> [Int32] {
        var events = events
        let left = max(deadline - SystemClock.uptime(), 0)
        guard poll(&events, nfds_t(events.count), Int32(clamping: left)) > 0 else { return [] }
        return events.filter { $0.revents != 0 }.map { $0.fd }
    }

    static func readToEnd(_ number: Int32, limit: Int) -> Result {
        var bytes: [UInt8] = []
        while true {
            switch readChunk(number, upTo: 65_536) {
            case .bytes(let chunk):
                bytes += chunk
                if bytes.count > limit { return .tooLarge }
            case .end: return .bytes(bytes)
            case .nothingYet: return .failed(SystemError(EAGAIN))
            case .failed(let error): return .failed(error)
            }
        }
    }

    enum Result {
        case bytes([UInt8])
        case tooLarge
        case failed(SystemError)
    }
}

/// Both ends of a pipe, with numbers above the standard streams, so that making one a child's
/// standard stream never overwrites another that is still needed.
struct Pipe: ~Copyable {
    let read: Descriptor
    /// The writing end; `nil` after it was closed.
    var write: Descriptor?

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        read = Descriptor(Descriptor.aboveStandardStreams(ends[0]))
        write = Descriptor(Descriptor.aboveStandardStreams(ends[1]))
    }

    /// The number of the writing end; -1 after it was closed.
    var writeNumber: Int32 {
        switch write {
        case .some(let descriptor): descriptor.number
        case .none: -1
        }
    }

    consuming func intoReadEnd() -> Descriptor {
        read
    }
}
