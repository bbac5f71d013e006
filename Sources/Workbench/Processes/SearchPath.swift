import Foundation

/// Where programs are looked for.
package enum SearchPath {
    /// The tool's own `PATH`.
    package static var own: String { ProcessInfo.processInfo.environment["PATH"] ?? usual }

    /// What a system without additions has.
    package static let usual = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

    /// Where a program is; `nil` if it is not installed.
    package static func find(_ name: String, in path: String = own) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
