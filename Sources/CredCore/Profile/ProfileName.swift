/// The name of a profile, which is also a directory name: in lower case, as Planet's Python tools
/// expect it, and without anything that leads out of the directory of profiles.
package struct ProfileName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let description: String

    /// Fails with kind `.profile`.
    package init(_ text: String) throws(Failure) {
        let name = text.lowercased()
        guard !name.isEmpty, name.utf8.count <= 200, name.utf8.first != UInt8(ascii: "."),
            name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") })
        else {
            throw Failure(
                .profile, "invalid profile name '\(text)'",
                because: """
                    a name is 1 to 200 bytes long, contains no '/' and no control character, and \
                    does not start with a dot
                    """)
        }
        description = name
    }

    /// A constant that is known to be valid.
    private init(builtIn name: StaticString) {
        description = "\(name)"
    }

    /// The SDK's default profile.
    package static let planetUser = ProfileName(builtIn: "planet-user")
    /// The SDK's name for the login with e-mail address and password.
    package static let legacy = ProfileName(builtIn: "legacy")
    /// The SDK's name for the profile of `PL_API_KEY`.
    package static let environmentKey = ProfileName(builtIn: "_pl_api_key")

    /// Compares bytes, as file systems do; `==` of String compares by Unicode equivalence.
    package static func == (left: ProfileName, right: ProfileName) -> Bool {
        left.description.utf8.elementsEqual(right.description.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in description.utf8 { hasher.combine(byte) }
    }

    package static func < (left: ProfileName, right: ProfileName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}
