package import CredCore

/// Runs a command that a profile names, such as a password manager, and returns its output.
package enum CommandOutput {
    /// The timeout in milliseconds; long enough for a person to type a passphrase.
    package static let timeLimit: Int64 = 60_000

    /// The environment variable that marks the processes that such a command starts.
    private static let markName = "PLANET_CRED_COMMAND"

    /// The first line that the program prints. Fails with kind `.profile`.
    package static func firstLine(
        of program: CommandLineProgram, timeLimit: Int64 = Self.timeLimit
    ) throws(Failure) -> Secret {
        let words =
            switch program {
            case .shell(let text): ["/bin/sh", "-c", text]
            case .arguments(let words): words
            }
        var generator = SystemRandomNumberGenerator()
        let mark = "\(markName)=\(UInt64.random(in: 0...UInt64.max, using: &generator))"
        // Its own commands may run planet-cred.
        let inherited = ProcessEnvironment.entriesWithoutSecrets.filter { entry in
            !entry.utf8.starts(with: "\(markName)=".utf8)
        }
        let child = Child(
            words[0], Array(words.dropFirst()), environment: inherited + [mark],
            timeLimit: timeLimit, mark: mark)
        let problem: String
        switch child.run() {
        case .exited(0, let output, let line):
            let secret = Secret(firstLineOf: output)
            if let secret, !secret.isEmpty { return secret }
            problem =
                secret == nil ? "its output is not UTF-8" : told("it printed nothing", line)
        case .exited(let status, _, let line):
            problem = told("it exited with status \(status)", line)
        case .killed(let signal): problem = "it was killed by signal \(signal)"
        case .timedOut: problem = "it timed out after \(timeLimit / 1000) s"
        case .wroteTooMuch: problem = "it printed more than 1 MiB"
        case .notFound: problem = "command not found"
        case .notStarted(let error): problem = error.reason
        }
        throw Failure(
            .profile, "cannot get the client secret from 'client_secret_command'",
            because: "\(program.name): \(problem)")
    }

    /// The problem, followed by the program's own error message if there is one.
    private static func told(_ problem: String, _ errorLine: String) -> String {
        errorLine.isEmpty ? problem : "\(problem): \(errorLine)"
    }
}
