package import CredCore

extension World {
    /// The world as it is.
    package static func live(
        version: String,
        trace: @escaping @Sendable (() -> TraceEvent) -> Void,
        notice: @escaping @Sendable (String) -> Void,
        progress: @escaping @Sendable (String) -> Void
    ) -> World {
        World(
            now: SystemClock.now,
            uptime: SystemClock.uptime,
            sleep: { SystemClock.sleep(milliseconds: $0) },
            random: { count in
                var generator = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            },
            send: { request, timeLimit, recording in
                CurlTransport.send(
                    request, timeLimit: timeLimit, recording: recording, version: version)
            },
            run: CommandOutput.firstLine,
            environment: ProcessEnvironment.value,
            trace: trace,
            notice: notice,
            progress: progress,
            startInBackground: { _ = BackgroundProcess.startAsOrphan(by: $0 + ["background"]) },
            verify: OpenSSLVerifier.run)
    }
}
