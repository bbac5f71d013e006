package import CredCore

extension World {
    /// The real clock, engines and messages.
    ///
    /// - Parameter leftover: what happens to a curl whose answer is complete.
    package static func live(version: String, leftover: Child.Leftover, voice: Voice) -> World {
        World(
            clock: Clock(
                now: SystemClock.now,
                uptime: SystemClock.uptime,
                sleep: { SystemClock.sleep(milliseconds: $0) },
                random: { count in
                    var generator = SystemRandomNumberGenerator()
                    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                }),
            engines: Engines(
                send: { request, timeLimit, recording in
                    CurlTransport.send(
                        request, timeLimit: timeLimit, recording: recording, version: version,
                        leftover: leftover)
                },
                run: { program throws(Failure) in try CommandOutput.firstLine(of: program) },
                verify: OpenSSLVerifier.run,
                startInBackground: { _ = BackgroundProcess.startAsOrphan(by: $0 + ["background"]) }),
            voice: voice)
    }
}
