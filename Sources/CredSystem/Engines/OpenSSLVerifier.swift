package import CredCore

/// Verifies signatures with the `openssl` program.
package enum OpenSSLVerifier {
    /// The timeout in milliseconds, for a program that hangs; a check takes a few milliseconds.
    private static let timeLimit: Int64 = 10_000

    package static func run(_ check: SignatureCheck) -> SignatureCheck.Outcome {
        // openssl reports an empty file as an error of its use.
        guard !check.signature.isEmpty else { return .invalid }
        let program = EngineProgram.openssl.program
        let child = Child(
            program,
            ["dgst", "-sha256", "-verify", "/dev/fd/3", "-signature", "/dev/fd/4"]
                + options(check.algorithm),
            environment: ProcessEnvironment.entries(["PATH", "HOME", "LANG"]), input: check.text,
            furtherInputs: [Array(check.publicKey.utf8), check.signature], timeLimit: timeLimit)
        let problem: String
        switch child.run() {
        case .exited(0, let output, _) where output.starts(with: "Verified OK".utf8): return .valid
        case .exited(_, let output, let line):
            if isRefusal(String(decoding: output, as: UTF8.self)) || isRefusal(line) {
                return .invalid
            }
            problem = "openssl says '\(line)'"
        case .killed(let signal): problem = "openssl was killed by signal \(signal)"
        case .timedOut: problem = "openssl timed out after \(timeLimit / 1000) s"
        case .wroteTooMuch: problem = "openssl wrote more than 1 MiB"
        case .notFound:
            return .failed(EngineProgram.openssl.missing("cannot verify a signature"))
        case .notStarted(let error): problem = "'\(program)': \(error.reason)"
        }
        return .failed(Failure(.unavailable, "cannot verify a signature", because: problem))
    }

    /// The options of an algorithm; the salt of PS256 is as long as the digest, RFC 7518 §3.5.
    private static func options(_ algorithm: SignatureAlgorithm) -> [String] {
        switch algorithm {
        case .rs256, .es256: []
        case .ps256:
            ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
        }
    }

    /// Whether the output means an invalid or unreadable signature. Versions differ in capitals.
    private static func isRefusal(_ text: String) -> Bool {
        let text = text.lowercased()
        return text.hasPrefix("verification failure") || text.hasPrefix("error verifying data")
    }
}
