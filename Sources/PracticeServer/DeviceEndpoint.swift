/// Where a device without a browser begins a login. RFC 8628 §3.1
struct DeviceEndpoint {
    static let path = "/device_authorization"

    let site: Site

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard request.method == "POST" else { return .notAllowed(only: "POST") }
        do throws(OAuthError) {
            let request = try ClientRequest(request, from: site.configuration.clients)
            let flow = site.configuration.device
            return PracticeServer.Answer(
                json: .object(flow.overrides.applied(to: begin(flow, request))))
        } catch {
            return error.answer
        }
    }

    private func begin(
        _ flow: PracticeServer.DeviceFlow, _ request: ClientRequest
    ) -> [(name: String, value: PracticeServer.JSON)] {
        let userCode = flow.userCode ?? Self.newUserCode()
        let permission = Permission(
            client: request.client.name, scope: request["scope"], person: .atBrowser)
        let deviceCode = site.devices.add(
            permission, userCode: userCode, lifetime: flow.lifetime)
        let place = flow.verificationURI ?? site.url + DevicePage.path
        var members: [(name: String, value: PracticeServer.JSON)] = [
            ("device_code", .string(deviceCode)), ("user_code", .string(userCode)),
            ("verification_uri", .string(place)), ("expires_in", .number(flow.lifetime)),
        ]
        if flow.namesCompleteURI {
            let complete =
                place + (place.contains("?") ? "&" : "?")
                + Form.encode([(name: DevicePage.parameter, value: userCode)])
            members.append(("verification_uri_complete", .string(complete)))
        }
        if let interval = flow.interval { members.append(("interval", .number(interval))) }
        return members
    }

    /// Letters that look like no other, and no vowels that could make a word. RFC 8628 §6.1
    private static func newUserCode() -> String {
        let letters = Array("BCDFGHJKLMNPQRSTVWXZ")
        let code = (0..<8).map { _ in letters[Int.random(in: letters.indices)] }
        return String(code[..<4]) + "-" + String(code[4...])
    }
}
