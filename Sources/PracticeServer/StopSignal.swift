import CLinux
import Glibc

/// Tells all threads of a server to end: a descriptor that becomes ready and stays so.
final class StopSignal: Sendable {
    /// Ready to read from `raise()` on; it never has data.
    let descriptor: Int32
    private let writer: Int32

    init() throws(PracticeServer.StartFailure) {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else {
            throw PracticeServer.StartFailure(call: "socketpair", errorNumber: errno)
        }
        (descriptor, writer) = (pair[0], pair[1])
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    func raise() {
        shutdown(writer, Int32(SHUT_RDWR))
    }

    enum Wake { case ready, timedOut, stopped }

    /// Waits for one of these events, an error or a hang-up of another descriptor.
    func wait(
        for events: Int32, of other: Int32, milliseconds: Int32 = -1
    ) -> Wake {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(events), revents: 0),
        ]
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        var remaining = milliseconds
        while poll(&descriptors, 2, remaining) < 0 {
            // Only a signal can interrupt; then the rest of the time is still to be waited.
            guard errno == EINTR else { return .ready }
            if milliseconds >= 0 {
                let left = ContinuousClock.now.duration(to: deadline) / Duration.milliseconds(1)
                remaining = Int32(max(0, left.rounded(.up)))
            }
        }
        if descriptors[0].revents != 0 { return .stopped }
        return descriptors[1].revents != 0 ? .ready : .timedOut
    }
}
