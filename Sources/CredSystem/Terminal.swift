import Glibc

/// The terminal that a person sits at, whatever the standard streams are.
package struct Terminal: ~Copyable {
    private let descriptor: Descriptor

    /// `nil` where this process has none.
    package init?() {
        // Non-blocking, of which whoever else has the terminal open notices nothing.
        let flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let number = Descriptor.aboveStandardStreams(retrying { open("/dev/tty", flags) })
        guard number >= 0 else { return nil }
        descriptor = Descriptor(number)
    }

    var number: Int32 { descriptor.number }

    /// Whether what is typed is meant for us. Whoever reads or changes a terminal from the
    /// background is stopped.
    static func isInForeground(_ number: Int32) -> Bool { tcgetpgrp(number) == getpgrp() }

    /// Shows text, escape sequences included. Waits for as long as a person holds it up by Ctrl-S;
    /// should the terminal be gone, there is nobody to tell.
    package func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                retrying { Glibc.write(number, bytes.baseAddress, bytes.count) }
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EAGAIN {
                return
            } else {
                let event = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                _ = Descriptor.ready([event], until: .max)
            }
        }
    }
}
