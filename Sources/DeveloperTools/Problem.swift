/// Why a tool could not do its work: one sentence for the person who started it.
package struct Problem: Error, CustomStringConvertible {
    package let description: String

    package init(_ sentence: String) { description = sentence }

    /// A system call that failed just now.
    static func system(_ call: String, _ errorNumber: Int32) -> Problem {
        Problem("\(call) failed with errno \(errorNumber)")
    }
}
