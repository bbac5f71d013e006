import Foundation

/// What a client put into `Authorization`.
enum PresentedCredential {
    case bearer(String)
    case apiKey(String)
    case basic(user: String, password: String)

    /// `nil` for another scheme or a malformed value.
    init?(_ field: String) {
        guard let space = field.firstIndex(of: " ") else { return nil }
        let value = field[space...].trimmed
        switch field[..<space].lowercased() {
        case "bearer":
            self = .bearer(value)
        case "api-key":
            self = .apiKey(value)
        case "basic":
            guard let bytes = Data(base64Encoded: value),
                let pair = String(validating: bytes, as: UTF8.self),
                let colon = pair.firstIndex(of: ":")
            else { return nil }
            let password = pair[pair.index(after: colon)...]
            self = .basic(user: String(pair[..<colon]), password: String(password))
        default:
            return nil
        }
    }
}

extension StringProtocol {
    /// Without blanks and line ends around it.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
