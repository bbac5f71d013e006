extension Profile {
    /// What a profile file says of the grant that its type names.
    static func grant(_ type: ClientType.GrantType, _ fields: ProfileFields) throws(Failure)
        -> Grant
    {
        switch type {
        case .deviceCode: .deviceCode
        case .clientCredentials: .clientCredentials
        case .authorizationCode:
            .authorizationCode(try redirectURIs(fields), try acknowledgement(fields))
        case .password: .password(try userCredentials(fields))
        }
    }

    /// Of `redirect_uri` and `local_redirect_uri` one stands for a missing other, as the Python
    /// tools have it.
    private static func redirectURIs(_ fields: ProfileFields) throws(Failure) -> RedirectURIs {
        let registered = try fields.string("redirect_uri")
        if let text = try fields.string("local_redirect_uri") {
            guard let local = LoopbackRedirect(text) else {
                throw fields.malformed(
                    "local_redirect_uri", "is not 'http://' with a loopback host")
            }
            return RedirectURIs(local: local, remote: try remote(registered, fields))
        }
        guard let registered else { return .usual }
        return RedirectURIs(
            local: LoopbackRedirect(registered), remote: try remote(registered, fields))
    }

    /// A page that is not on this machine. It need not be a web page: `urn:ietf:wg:oauth:2.0:oob`.
    private static func remote(_ text: String?, _ fields: ProfileFields) throws(Failure) -> String?
    {
        guard let text, LoopbackRedirect(text) == nil else { return nil }
        guard text.utf8.contains(UInt8(ascii: ":")),
            text.utf8.allSatisfy({ (0x21...0x7E) ~= $0 && $0 != UInt8(ascii: "#") })
        else { throw fields.malformed("redirect_uri", "is not an absolute URI without a fragment") }
        return text
    }

    private static func acknowledgement(_ fields: ProfileFields) throws(Failure)
        -> Grant.Acknowledgement?
    {
        if let html = try fields.string("authorization_callback_acknowledgement") {
            return .html(html)
        }
        return try fields.string("authorization_callback_acknowledgement_file").map { .file($0) }
    }

    /// The Python tools read both spellings and write the second.
    private static func userCredentials(_ fields: ProfileFields) throws(Failure) -> UserCredentials
    {
        var credentials = UserCredentials(username: try fields.string("username"))
        if credentials.username == nil { credentials.username = try fields.string("user_name") }
        var password = try fields.string("password")
        if password == nil { password = try fields.string("user_password") }
        credentials.password = password.map { Secret($0) }
        return credentials
    }
}
