package import CredCore

extension World {
    /// A world in which nothing happens: its clock stands still, nobody answers, nobody listens.
    package static let still = World(
        clock: Clock(
            now: { UnixTime(1_700_000_000) }, uptime: { 0 }, sleep: { _ in },
            random: { [UInt8](repeating: 0, count: $0) }),
        engines: Engines(
            send: { _, _, _ in .unreachable("nobody") }, run: { _ in Secret("") },
            verify: { _ in .invalid }, startInBackground: { _ in }),
        voice: Voice(trace: { _ in }, notice: { _ in }, progress: { _ in }))
}
