/// Tokens for a device, once the person has agreed. RFC 8628 §3.4
struct DeviceGrant {
    static let name = "urn:ietf:params:oauth:grant-type:device_code"

    let site: Site

    func members(_ request: ClientRequest) throws(OAuthError) -> TokenResponse.Members {
        let code = try request.required("device_code")
        let state = site.devices.state(of: code, of: request.client.name)
        if case .unknown = state { throw .invalidGrant("the device code is spent or unknown") }
        if let poll = site.devicePolls.next() { throw error(for: poll) }
        switch state {
        case .pending: throw error(for: .pending)
        case .expired: throw error(for: .expired)
        case .approved, .unknown:
            guard let permission = site.devices.redeem(code) else {
                throw .invalidGrant("the device code is spent or unknown")
            }
            return try TokenResponse(site).members(forLogin: permission)
        }
    }

    private func error(for poll: PracticeServer.DevicePoll) -> OAuthError {
        let pending = "authorization_pending"
        return switch poll {
        case .pending: OAuthError(code: pending)
        case .slowDown: OAuthError(code: "slow_down")
        case .denied: OAuthError(code: "access_denied")
        case .expired: OAuthError(code: "expired_token")
        case .stall: OAuthError(code: pending, delivery: .never)
        case .reset: OAuthError(code: pending, delivery: .reset)
        }
    }
}
