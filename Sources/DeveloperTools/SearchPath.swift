import Foundation

/// The tool's own `PATH`.
package enum SearchPath {
    static var text: String {
        ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }

    /// Where a program is; `nil` if it is not installed.
    package static func find(_ name: String) -> String? {
        text.split(separator: ":").map { "\($0)/\(name)" }
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }
}
