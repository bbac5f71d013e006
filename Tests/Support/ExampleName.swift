#if DEBUG
    // A release of CredCore is Embedded Swift, which tests cannot import.
    package import CredCore

    extension ProfileName {
        /// A name for tables of examples, where none can be thrown; a bad one is the built-in
        /// profile's.
        package static func example(_ text: String) -> ProfileName {
            (try? ProfileName(text)) ?? .planetUser
        }
    }
#endif
