import Foundation

/// A text for users, with the examples in it.
enum Document: String, Sendable, CaseIterable {
    case readme = "README.md"
    case manual = "man/planet-cred.1"
    case profileManual = "man/planet-cred-profile.5"

    var text: String {
        get throws { try Self.file(rawValue) }
    }

    var blocks: [DocumentBlock] {
        get throws {
            switch self {
            case .readme: DocumentBlock.markdown(try text)
            case .manual, .profileManual: DocumentBlock.manual(try text)
            }
        }
    }

    func blocks(in language: String) throws -> [DocumentBlock] {
        try blocks.filter { $0.language == language }
    }

    /// A file of the repository.
    static func file(_ path: String) throws -> String {
        try String(contentsOf: top.appending(path: path), encoding: .utf8)
    }

    /// The top of the repository.
    static let top = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
