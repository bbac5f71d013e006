import CredCore
import CredSession
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing
import Workbench

/// The profile of a person, under the name `m2m` so that all else on the stage is the same.
extension SessionStage {
    static let folder = "home/.planet/m2m"

    func writePerson(_ more: String = "") throws {
        try writeProfile(
            #""client_type":"oidc_device_code","token_endpoint":"https://as.example/token"\#(more)"#
        )
    }

    /// Writes the token file of a person as the Python tools do; the usual token is spent.
    func writeSession(
        _ token: String = "old", refresh: String = "r0", expiresIn seconds: Int64 = -1,
        more: String = ""
    ) throws {
        try writeToken(
            token, expiresIn: seconds, more: #","refresh_token":"\#(refresh)"\#(more)"#)
    }

    /// The answer to a refresh token as it lies on disk while nobody has read it.
    func writeAnswer(
        to refreshToken: String, _ body: String, status: Int = 200, at time: Int64? = nil
    ) throws {
        let name = try journalName(refreshToken)
        let note = String(repeating: " ", count: HolderNote.byteCount)
        try write(name, "\(note)HTTP/1.1 \(status) X\r\n\r\n\(body)\0\0\0")
        try setTime(name, time ?? now)
    }

    func journalName(_ refreshToken: String) throws -> String {
        let binding = TokenBinding(try client())
        return "\(Self.folder)/token.answer.\(binding.fingerprint(Secret(refreshToken)))"
    }

    func setTime(_ name: String, _ time: Int64) throws {
        let date = Date(timeIntervalSince1970: Double(time))
        try FileManager.default.setAttributes(
            [.modificationDate: date], ofItemAtPath: absolute(name))
    }

    /// What is kept of the session.
    var keptRefreshToken: String? {
        get throws { try json(Self.tokenFile)["refresh_token"]?.string }
    }

    /// The answers in the folder.
    var journal: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: absolute(Self.folder))
                .filter { $0.hasPrefix("token.answer.") }
        }
    }

    /// The refresh tokens that were sent, in order.
    var sentRefreshTokens: [String?] { happened.requests.map { $0.field("refresh_token") } }
}

extension TransportResult {
    /// A token and the refresh token that goes on from here.
    static func rotated(_ token: String, _ refreshToken: String, _ more: String = "")
        -> TransportResult
    {
        granted(token, #","expires_in":3600,"refresh_token":"\#(refreshToken)"\#(more)"#)
    }

    static let ended = status(400, #"{"error":"invalid_grant"}"#)
}
