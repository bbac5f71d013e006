package import CredCore

/// A login that a person finishes on another device. RFC 8628 §3.2.
package struct DeviceAuthorization: Hashable, Sendable {
    package let deviceCode: Secret
    /// What the person types there; printable.
    package let userCode: String
    package let verificationURI: WebURL
    /// The same with the code in it.
    package let completeURI: WebURL?
    /// How long the person has, in seconds.
    package let lifetime: Seconds
    /// The least time between two polls, in seconds.
    package let interval: Seconds

    /// RFC 8628 §3.2: five seconds, where the server does not say.
    private static let usualInterval: Seconds = 5

    /// Reads an answer of the device authorization endpoint. Fails with kind `.unavailable`: a
    /// place that is no web page could be anything that a browser can be made to run.
    init(_ answer: JSONObject) throws(Failure) {
        guard let deviceCode = answer["device_code"]?.string, !deviceCode.isEmpty else {
            throw Self.unusable("it has no 'device_code'")
        }
        guard let userCode = answer["user_code"]?.string?.printable,
            userCode.utf8.contains(where: { $0 > 0x20 })
        else {
            throw Self.unusable("it has no 'user_code'")
        }
        self.deviceCode = Secret(deviceCode)
        self.userCode = userCode
        verificationURI = try Self.url("verification_uri", answer["verification_uri"])
        switch answer["verification_uri_complete"] {
        case nil, .null, .string(""): completeURI = nil
        case let value?: completeURI = try Self.url("verification_uri_complete", value)
        }
        guard let lifetime = answer["expires_in"]?.lifetime, lifetime > 0 else {
            throw Self.unusable("it does not say how long the code lives ('expires_in')")
        }
        // A day is more than a person needs, and keeps the sums small.
        self.lifetime = min(lifetime, 86_400)
        interval = min(max(answer["interval"]?.lifetime ?? Self.usualInterval, 1), 86_400)
    }

    private static func url(_ name: String, _ value: JSONValue?) throws(Failure) -> WebURL {
        do {
            return try WebURL(page: value?.string ?? "")
        } catch {
            throw unusable("its '\(name)' is not usable: \(error.because ?? error.what)")
        }
    }

    private static func unusable(_ problem: String) -> Failure {
        Failure(
            .unavailable, "cannot use the server's answer to the request for a device code",
            because: problem)
    }
}
