package import CredCore

/// What the claims of a token must say to be for us, now. RFC 7519 §4.1, OpenID Connect Core
/// §3.1.3.7.
package struct ClaimsExpectation: Hashable, Sendable {
    /// `nil`: whoever issued it.
    package let issuer: String?
    /// `nil`: for whomever.
    package let audience: String?
    /// The client that the token was issued to, where it says so.
    package let authorizedParty: String?
    package let purpose: Purpose

    /// What the token is for.
    package enum Purpose: Hashable, Sendable {
        /// To be shown again and again until it expires.
        case access
        /// To tell once who has logged in; it is good for minutes, and no less the server's after.
        case identity
    }

    package init(
        _ purpose: Purpose, issuer: String?, audience: String?, authorizedParty: String? = nil
    ) {
        self.purpose = purpose
        self.issuer = issuer
        self.audience = audience
        self.authorizedParty = authorizedParty
    }

    /// How far this machine's clock and the server's may be apart, in seconds. Less would refuse a
    /// token issued a moment ago, more would take one for good that no server takes any more.
    private static let clockSkew: Seconds = 60

    /// What is wrong with the claims, in words; `nil`: nothing.
    ///
    /// The issuer is compared as text, but for one slash at the end, as that of the metadata is.
    package func problem(in claims: JSONObject, at now: UnixTime) -> String? {
        if purpose == .access, let end = claims["exp"]?.integer.map(UnixTime.init),
            end + Self.clockSkew <= now
        {
            return "it expired \((now - end).inWords) ago"
        }
        if let start = claims["nbf"]?.integer.map(UnixTime.init), start > now + Self.clockSkew {
            return "it is not valid before another \((start - now).inWords) ('nbf')"
        }
        if let issuer {
            let stated = claims["iss"]?.string
            guard
                stated.map({ Self.withoutLastSlash($0) == Self.withoutLastSlash(issuer) }) ?? false
            else { return "its issuer ('iss') is \(Self.quoted(stated)), not '\(issuer)'" }
        }
        if let audience, !Self.audiences(claims).contains(audience) {
            let stated = Self.audiences(claims).joined(separator: " ")
            return "its audience ('aud') is \(Self.quoted(stated)), not '\(audience)'"
        }
        return authorizedParty.flatMap { problem(authorizedParty: $0, claims) }
    }

    /// Of several audiences one must be named as the client.
    private func problem(authorizedParty: String, _ claims: JSONObject) -> String? {
        let stated = claims["azp"]?.string
        guard let stated else {
            return Self.audiences(claims).count > 1
                ? "it has several audiences and names no client ('azp')" : nil
        }
        return stated == authorizedParty ? nil : "it was issued to the client '\(stated)' ('azp')"
    }

    /// A text or a list of them, RFC 7519 §4.1.3.
    private static func audiences(_ claims: JSONObject) -> [String] {
        claims["aud"]?.array?.compactMap(\.string) ?? claims["aud"]?.string.map { [$0] } ?? []
    }

    private static func quoted(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "missing" }
        return "'\(text)'"
    }

    private static func withoutLastSlash(_ text: String) -> String {
        text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
    }
}
