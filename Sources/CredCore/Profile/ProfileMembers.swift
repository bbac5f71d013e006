/// The names that the members of a profile can have, to find those that are misspelt or in the
/// wrong place: such a member is ignored, and the server's refusal later does not say why.
package enum ProfileMembers {
    /// The members of the file itself, which Planet's Python tools know too.
    package static let shared =
        [
            "client_type", "auth_server", "client_id", "client_secret", "scopes", "audiences",
            "organization", "project_id", "issuer", "redirect_uri", "local_redirect_uri",
            "authorization_callback_acknowledgement",
            "authorization_callback_acknowledgement_file", "client_privkey",
            "client_privkey_file", "client_privkey_password", "username", "user_name", "password",
            "user_password", "legacy_auth_endpoint", "api_key", "bearer_token_prefix", ownObject,
        ] + ServerEndpoint.allCases.map { $0.profileKey }

    /// The members of `planet_cred`.
    package static let own = [
        "hosts", "client_secret_file", "client_secret_command", "client_authentication",
        "certificate_authority_file", "default_lifetime", "token_type", "key_check", "username",
        "environment",
    ]

    private static let ownObject = "planet_cred"

    /// What is wrong with the names in a profile, one clause for each, in their order.
    ///
    /// Members of other tools are left alone: outside `planet_cred`, only a name that belongs in
    /// `planet_cred`, or has one wrong letter, is reported.
    package static func mistakes(in object: JSONObject) -> [String] {
        let outer = object.members.compactMap { mistake($0.name) }
        let inner = object[ownObject]?.object?.members.compactMap { mistakeOfOurs($0.name) } ?? []
        return outer + inner
    }

    /// A missing member without which Planet's Python tools do not load the profile, although
    /// planet-cred does not need it; `nil` if they load it.
    package static func missingForPython(in object: JSONObject) -> String? {
        guard let type = object["client_type"]?.string else { return "client_type" }
        func has(_ name: String) -> Bool { !(object[name]?.string ?? "").isEmpty }
        if type == "planet_legacy" {
            return has("legacy_auth_endpoint") ? nil : "legacy_auth_endpoint"
        }
        guard type.utf8.starts(with: "oidc_".utf8) else { return nil }
        if !has("auth_server") { return "auth_server" }
        if type.hasSuffix("_secret"), !has("client_secret") { return "client_secret" }
        if type.utf8.starts(with: "oidc_auth_code".utf8), !has("redirect_uri"),
            !has("local_redirect_uri")
        {
            return "redirect_uri"
        }
        return nil
    }

    private static func mistake(_ name: String) -> String? {
        guard !shared.contains(name), name.utf8.first != UInt8(ascii: "_") else { return nil }
        if own.contains(name) { return "'\(name)' has no effect outside '\(ownObject)'" }
        if let nearest = nearest(to: name, in: shared, errors: 1) {
            return "unknown member '\(name)'; the nearest is '\(nearest)'"
        }
        return nearest(to: name, in: own, errors: 1).map {
            "unknown member '\(name)'; the nearest is '\($0)' in '\(ownObject)'"
        }
    }

    private static func mistakeOfOurs(_ name: String) -> String? {
        guard !own.contains(name), name.utf8.first != UInt8(ascii: "_") else { return nil }
        let shown = "'\(ownObject).\(name)'"
        if shared.contains(name) {
            return "\(shown) has no effect; '\(name)' belongs outside '\(ownObject)'"
        }
        let unknown = "unknown member \(shown)"
        if let nearest = nearest(to: name, in: own) ?? longer(name, in: own) {
            return "\(unknown); the nearest is '\(nearest)'"
        }
        return nearest(to: name, in: shared).map {
            "\(unknown); the nearest is '\($0)', which belongs outside '\(ownObject)'"
        } ?? "\(unknown); its members are \(own.joined(separator: ", "))"
    }

    /// The most similar name, ignoring case and dashes.
    private static func nearest(to name: String, in names: [String], errors: Int? = nil)
        -> String?
    {
        let plain = plain(name)
        return names.first { self.plain($0) == plain }
            ?? SpellingSuggestion.nearest(to: name.lowercased(), in: names, errors: errors)
    }

    /// The shortest name of which this one is a part: `secret_file`, `lifetime`.
    private static func longer(_ name: String, in names: [String]) -> String? {
        let word = name.lowercased()
        guard word.utf8.count >= 3 else { return nil }
        return names.filter { name in
            name.utf8.indices.contains { name.utf8[$0...].starts(with: word.utf8) }
        }.min { $0.utf8.count < $1.utf8.count }
    }

    private static func plain(_ name: String) -> String {
        String(
            decoding: name.lowercased().utf8.filter { !"-_".utf8.contains($0) }, as: UTF8.self)
    }
}
