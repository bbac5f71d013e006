import Synchronization

/// The device codes handed out, and which of them a person has agreed to.
final class DeviceLedger: Sendable {
    private struct Device {
        let userCode: String
        let permission: Permission
        let expiresAt: Int64
        var isApproved = false
    }

    private let clock: PracticeClock
    private let devices = Mutex<[String: Device]>([:])

    init(clock: PracticeClock) { self.clock = clock }

    /// The device code.
    ///
    /// - Parameter lifetime: in seconds.
    func add(_ permission: Permission, userCode: String, lifetime: Int64) -> String {
        let text = "device-" + TokenLedger.randomText()
        devices.withLock {
            $0[text] = Device(
                userCode: userCode, permission: permission, expiresAt: clock.now + lifetime)
        }
        return text
    }

    /// Lets every device go on that shows this code; `false` if none does.
    func approve(userCode: String) -> Bool {
        devices.withLock { devices in
            let shown = devices.filter {
                $0.value.userCode == userCode && clock.now < $0.value.expiresAt
            }
            for text in shown.keys { devices[text]?.isApproved = true }
            return !shown.isEmpty
        }
    }

    enum State {
        /// No code of this client, or a code that has given its tokens.
        case unknown
        case pending
        case approved
        case expired
    }

    func state(of text: String, of client: String) -> State {
        devices.withLock { devices in
            guard let device = devices[text], device.permission.client == client else {
                return .unknown
            }
            guard clock.now < device.expiresAt else { return .expired }
            return device.isApproved ? .approved : .pending
        }
    }

    /// Spends a code that is approved.
    func redeem(_ text: String) -> Permission? {
        devices.withLock { devices in
            guard devices[text]?.isApproved == true else { return nil }
            return devices.removeValue(forKey: text)?.permission
        }
    }
}
