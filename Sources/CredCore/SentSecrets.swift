/// The secrets that were sent to a server, a proxy or curl, which may repeat them in any text.
///
/// Made where the secrets are sent. Code that reads a server's answer requires it, and every text
/// of a server goes through `words` before it is shown, which hides the secrets and limits the
/// length. Our own sentences are built around the result, so that a secret such as `to` leaves them
/// intact.
package struct SentSecrets: Hashable, Sendable {
    private let secrets: [Secret]

    package init(_ secrets: [Secret]) {
        self.secrets = secrets.filter { !$0.isEmpty }
    }

    /// For texts of a server that was sent no secret.
    package static let none = SentSecrets([])

    /// These secrets and others.
    package func adding(_ others: [Secret]) -> SentSecrets { SentSecrets(secrets + others) }

    package func adding(_ others: SentSecrets) -> SentSecrets { adding(others.secrets) }

    /// A server's text as it may be shown: in one line, without the secrets, and no longer than its
    /// kind allows.
    package func words(_ text: String, _ kind: ServerText) -> String {
        // A secret that is cut off here is recognised by its first characters.
        var start = String.UnicodeScalarView()
        start.append(contentsOf: text.unicodeScalars.prefix(Self.searchLimit))
        return kind.cut(EchoSearch(secrets).hidden(in: String(start)).text)
    }

    /// How many characters of a text are searched: more than are ever shown, so that something is
    /// left to show after a long secret at the start.
    private static let searchLimit = 20_000

    /// Whether the text contains one of the secrets.
    package func appear(in text: String) -> Bool {
        EchoSearch(secrets).hidden(in: text).found
    }

    /// The object without the secrets in any name or value, at any depth.
    /// - Parameter kept: the members that stay as they are.
    package func hidden(in object: JSONObject, except kept: [String] = []) -> JSONObject {
        let search = EchoSearch(secrets)
        return search.isEmpty ? object : search.hidden(in: object, except: kept)
    }
}

/// The kind of a server's text, which decides how much of it is shown.
package enum ServerText: Hashable, Sendable {
    /// An error code or the name of an algorithm. RFC 6749 §5.2.
    case code
    /// The name of a person, a client or a key, or the type of a token.
    case name
    /// An explanation, or the URL of an issuer.
    case sentence
    /// A list of scopes.
    case list

    /// The maximum length, in characters: several times what real servers send, and short enough
    /// that people still read the message.
    private var limit: Int {
        switch self {
        case .code: 64
        case .name: 128
        case .sentence: 300
        case .list: 1000
        }
    }

    /// The text in one line without control characters.
    fileprivate func cut(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.withoutUserInformation.unicodeScalars.prefix(limit + 1) {
            scalars.append(isAllowed(scalar) ? scalar : " ")
        }
        guard scalars.count > limit else { return String(scalars) }
        return String(scalars.dropLast(4)) + "..."
    }

    private func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .code: (0x20...0x7E) ~= scalar.value && scalar != "\"" && scalar != "\\"
        case .name, .sentence, .list: scalar.isTerminalSafe
        }
    }
}

extension EchoSearch {
    fileprivate func hidden(in object: JSONObject, except kept: [String]) -> JSONObject {
        JSONObject(
            lastOfEachName: object.members.map { member in
                kept.contains(member.name)
                    ? member
                    : JSONObject.Member(hidden(in: member.name).text, hidden(in: member.value))
            })
    }

    private func hidden(in value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool: return value
        case .number(let text):
            let result = hidden(in: text)
            return result.found ? .string(result.text) : value
        case .string(let text): return .string(hidden(in: text).text)
        case .array(let elements): return .array(elements.map { hidden(in: $0) })
        case .object(let object): return .object(hidden(in: object, except: []))
        }
    }
}
