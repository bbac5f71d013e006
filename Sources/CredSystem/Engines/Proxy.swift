import CredCore

/// The proxy through which curl reaches servers by https, as the environment names it. curl(1),
/// ENVIRONMENT.
struct Proxy: Hashable, Sendable {
    /// The variable that names it.
    let variable: String
    private let value: String

    /// In the order in which curl asks for them. Plain http is used for loopback only, which needs
    /// no proxy.
    private static let variables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]

    /// Everything that curl may read about proxies.
    static let environment = ["http_proxy"] + variables + ["no_proxy", "NO_PROXY"]

    /// `nil` if no variable names one, or `no_proxy` names the server; an empty variable counts as
    /// none.
    init?(reaching server: Host, _ environment: (String) -> String?) {
        let exceptions = ["no_proxy", "NO_PROXY"].compactMap(environment).first { !$0.isEmpty }
        guard !Self.isNamed(server.description, in: exceptions ?? "") else { return nil }
        let values = Self.variables.map { (name: $0, value: environment($0) ?? "") }
        guard let first = values.first(where: { !$0.value.isEmpty }) else { return nil }
        (variable, value) = (first.name, first.value)
    }

    /// Whether a list of hosts, of domains and of `*` names a host; separated by commas or spaces.
    private static func isNamed(_ host: String, in list: String) -> Bool {
        list.split { $0 == "," || $0 == " " }.contains { entry in
            let domain = entry.drop { $0 == "." }
            return entry == "*" || domain == host || host.hasSuffix(".\(domain)")
        }
    }

    /// Host and port, as the variable spells them, without what is before an `@`.
    var place: String {
        let start = value.firstRange(ofBytes: "://")?.upperBound ?? value.startIndex
        let authority = value[start...].prefix { $0 != "/" }
        return String(authority.split(separator: "@").last ?? "")
    }

    /// The host alone.
    private var host: String {
        let place = place
        if place.hasPrefix("[") { return String(place.dropFirst().prefix { $0 != "]" }) }
        return String(place.prefix { $0 != ":" })
    }

    private var hasUser: Bool { value.utf8.contains(UInt8(ascii: "@")) }

    private var scheme: String {
        value.firstRange(ofBytes: "://").map { String(value[..<$0.lowerBound]) } ?? "http"
    }

    /// What a failure of curl says about this proxy.
    enum Trouble: Hashable, Sendable {
        /// It refuses what curl sends, and would refuse it again.
        case refused(because: String, remedy: String?)
        /// It could not be reached, or broke off. Nothing was sent to the server.
        case unreachable(String)
    }

    /// - Parameters:
    ///   - status: the exit status of curl.
    ///   - words: its message, without secrets.
    /// - Returns: `nil` if the failure is not known to be the proxy's.
    func trouble(_ status: Int32, _ words: String, reaching origin: Origin) -> Trouble? {
        let server = origin.host.description
        if let answer = Self.answer(in: words) {
            return .refused(
                because: "the \(name) \(meaning(of: answer, server)) (HTTP status \(answer))",
                remedy: remedy(for: answer, server))
        }
        if words.firstRange(ofBytes: "Unsupported proxy") != nil {
            return .refused(
                because: "curl cannot use the \(name): it says '\(words)'",
                remedy: "export \(variable)=http://HOST:PORT")
        }
        if words.firstRange(ofBytes: "rejected by the SOCKS") != nil
            || words.firstRange(ofBytes: "No authentication method") != nil
        {
            return .refused(
                because: "the \(name) \(meaning(of: Self.authenticationRequired, server))",
                remedy: remedy(for: Self.authenticationRequired, server))
        }
        let isAboutProxy =
            status == 5 || status == 97 || words.firstRange(ofBytes: "Proxy CONNECT") != nil
            || words.firstRange(ofBytes: "CONNECT tunnel") != nil
            // curl's message names the place that it connects to.
            || (status == 7 || status == 28) && !host.isEmpty
                && host != server && words.split(separator: " ").contains { $0 == host }
        return isAboutProxy ? .unreachable("the \(name) cannot be used: curl says '\(words)'") : nil
    }

    /// The proxy as messages name it.
    var name: String { "proxy in '\(variable)' (\(place))" }

    private static let authenticationRequired = 407
    /// The status with which tinyproxy answers a wrong password; it should be 407.
    private static let unauthorized = 401

    /// The HTTP status with which a proxy answered, in a message of curl: `CONNECT tunnel failed,
    /// response 407`, of older versions `Received HTTP code 407 from proxy after CONNECT`.
    private static func answer(in words: String) -> Int? {
        let start =
            words.firstRange(ofBytes: "tunnel failed, response ")
            ?? words.firstRange(ofBytes: "Received HTTP code ")
        guard let start else { return nil }
        let digits = words[start.upperBound...].utf8.prefix { (0x30...0x39) ~= $0 }
        // 0 if it did not answer with HTTP.
        return Int(String(decoding: digits, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
    }

    private func meaning(of status: Int, _ server: String) -> String {
        switch status {
        case Self.authenticationRequired, Self.unauthorized:
            hasUser
                ? "refuses the user name and password in that variable"
                : "asks for a user name and a password"
        case 500...: "could not connect to '\(server)'"
        default: "refuses the connection to '\(server)'"
        }
    }

    /// A command that changes what the proxy refuses; `nil` if the fault is in the proxy itself.
    private func remedy(for status: Int, _ server: String) -> String? {
        switch status {
        // A message would hide what looks like a password in a URL.
        case Self.authenticationRequired, Self.unauthorized:
            scheme == "http" ? "export \(variable)=USER:PASSWORD@\(place)" : nil
        case 500...: nil
        default:
            "export no_proxy=\"$no_proxy,\(server)\"    # if it can be reached without the proxy"
        }
    }
}
