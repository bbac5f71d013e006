import CLinux
import CredCore

/// The accounts in /etc/passwd, passwd(5); a static program cannot use the name services.
package enum UserAccounts {
    /// The home directory of the user who runs this process; `nil` if it is unknown or not
    /// absolute.
    static var home: String? {
        field(5, of: getuid()).flatMap { $0.isAbsolutePath ? $0 : nil }
    }

    /// A user as messages name one: `user 'ada'`, or `user 1001` if the number has no name.
    package static func description(of userID: UInt32) -> String {
        field(0, of: userID).map { "user '\($0)'" } ?? "user \(userID)"
    }

    /// A field of the line whose third field is the user's number; `nil` if it is empty.
    private static func field(_ index: Int, of userID: UInt32) -> String? {
        guard case .content(let content) = File.read("/etc/passwd", .anyFile) else { return nil }
        for line in content.bytes.split(separator: 0x0A) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count > max(index, 2), Int64(digits: fields[2]) == Int64(userID),
                !fields[index].isEmpty
            else { continue }
            return String(decoding: fields[index], as: UTF8.self)
        }
        return nil
    }
}
