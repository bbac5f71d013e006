extension PracticeServer {
    /// What a device is told to show, and how fast it may ask. RFC 8628 §3.2
    package struct DeviceFlow: Sendable {
        /// Between two polls, in seconds; `nil` leaves it out.
        package var interval: Int64? = 1
        /// How long the codes are good, in seconds.
        package var lifetime: Int64 = 600
        /// What the person types; `nil` makes one up for each request, like `WDJB-MJHT`.
        package var userCode: String?
        /// Where the person types it; `nil` is the server's own page.
        package var verificationURI: String?
        /// Whether there is a URI too that has the code in it.
        package var namesCompleteURI = true
        /// Members set in, or removed from, every answer.
        package var overrides: MemberOverrides = [:]
    }

    /// How the token endpoint answers a device that asks whether the person has agreed.
    /// RFC 8628 §3.5
    package enum DevicePoll: Sendable {
        case pending
        case slowDown
        case denied
        case expired
        /// No answer until the device gives up.
        case stall
        /// The connection is reset.
        case reset
    }
}
