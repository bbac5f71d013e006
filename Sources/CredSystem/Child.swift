package import CredCore
import Glibc

/// A program that does a part of the work: its whole input is there before it starts, its output is
/// bounded, and it has a deadline. It inherits its three standard streams and nothing else.
package struct Child: Sendable {
    /// A path, or a name that is looked for in `PATH`.
    package let program: String
    /// Without the program's own name. Everybody on the machine can read them: never a secret.
    package let arguments: [String]
    /// `NAME=value` entries.
    package let environment: [String]
    package let input: Secret
    /// How long it may take, in milliseconds.
    package let timeLimit: Int64

    /// More than this much output is refused, in bytes: a token answer has about 2 KB.
    package static let outputLimit = 1 << 20

    package init(
        _ program: String, _ arguments: [String], environment: [String],
        input: Secret = Secret(""), timeLimit: Int64
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.timeLimit = timeLimit
    }

    package enum Outcome: Sendable {
        /// It ended by itself.
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
        guard var output = Pipe(), var errors = Pipe() else { return .notStarted(SystemError.last) }
        // Whoever ignores SIGCHLD never hears how a child ended, and that is inherited.
        let inherited = signal(SIGCHLD, SIG_DFL)
        defer { signal(SIGCHLD, inherited) }
        let clock = SystemClock.uptime()
        switch Spawn.start(
            program, [program] + arguments, environment: environment,
            streams: [input.number, output.writeNumber, errors.writeNumber], .sameSession)
        {
        case .failed(let error):
            return error.meansMissing ? .notFound : .notStarted(error)
        case .started(let processID):
            output.write = nil
            errors.write = nil
            var watch = ChildWatch(
                processID: processID, output: output.read.number, errors: errors.read.number,
                deadline: clock + timeLimit)
            return watch.run()
        }
    }

    /// The reading end of a pipe that holds the whole input, or a memory file where it does not fit.
    private func inputDescriptor() -> Descriptor? {
        let bytes = Array(input.reveal().utf8)
        if bytes.count <= 60_000, let pipe = Pipe() {
            // A pipe may be smaller than usual where a user has many: then it would block.
            _ = fcntl(pipe.writeNumber, F_SETFL, O_NONBLOCK)
            let written = bytes.withUnsafeBytes {
                write(pipe.writeNumber, $0.baseAddress, $0.count)
            }
            if written == bytes.count { return pipe.intoReadEnd() }
        }
        let number = systemMemfdCreate("planet-cred", systemMemfdCloseOnExec)
        guard number >= 0 else { return nil }
        let file = Descriptor(Descriptor.aboveStandardStreams(number))
        guard file.write(bytes) == nil, lseek(file.number, 0, SEEK_SET) == 0 else { return nil }
        return file
    }
}
