import CredCore

extension TokenRecord {
    /// The tokens that can be found in a broken token file, each in a record of its own; at least
    /// one record, because there is a file. Only a logout uses them.
    /// - Parameter owner: the profile to which the file belongs.
    static func salvaged(
        from bytes: [UInt8], _ binding: TokenBinding, path: String, owner: () -> TokenOwner
    ) -> [TokenRecord] {
        let parties = SalvagedText.strings(named: "issued_for", in: bytes)
        // Which token belongs to which party is not known any more.
        let issuedFor = parties.first { !binding.isSameParty(as: $0) } ?? parties.first
        var found: [JSONObject] = []
        for name in credentialNames {
            for text in SalvagedText.strings(named: name, in: bytes) {
                found.append([name: .string(text)])
            }
        }
        if found.isEmpty { found = [JSONObject()] }
        return found.map { members in
            TokenRecord(salvaged: members, issuedFor: issuedFor, binding, path: path, owner: owner)
        }
    }

    private init(
        salvaged found: JSONObject, issuedFor: String?, _ binding: TokenBinding, path: String,
        owner: () -> TokenOwner
    ) {
        var members = found
        if let issuedFor {
            var record: JSONObject = ["issued_for": .string(issuedFor)]
            let authorization = members["access_token"]?.string.flatMap {
                Authorization(scheme: "Bearer", credential: $0)
            }
            record["token_ends"] = authorization.map { .string(Self.end(of: $0)) }
            members["planet_cred"] = .object(record)
        }
        // When the tokens were received is not known; they have not expired as far as we know.
        self.init(
            members, modifiedAt: UnixTime(0), binding: binding, path: path, owner: owner)
        isBroken = true
    }
}
