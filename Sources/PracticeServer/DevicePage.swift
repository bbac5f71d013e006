/// Where the person tells which device may go on. RFC 8628 §3.3
struct DevicePage {
    static let path = "/device"
    static let parameter = "user_code"

    let site: Site

    /// Coming with a code is agreeing; who comes without one sees where to type it.
    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard request.method == "GET" else { return .notAllowed(only: "GET") }
        guard let code = request.parameter(Self.parameter) else {
            return .page("Which code does your device show?")
        }
        guard site.devices.approve(userCode: code) else {
            return .plain(400, "no device shows this code")
        }
        return .page("You can go back to your device")
    }
}
