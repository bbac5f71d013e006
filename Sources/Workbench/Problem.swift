import Glibc

/// Why a tool or a test could not do its work: one sentence for the person who started it.
package struct Problem: Error, CustomStringConvertible {
    package let description: String

    package init(_ sentence: String) { description = sentence }

    /// A system call that failed.
    static func system(_ call: String, _ errorNumber: Int32) -> Problem {
        Problem("\(call): \(String(cString: strerror(errorNumber)))")
    }
}

/// Returns the result of a system call; throws if it is negative.
@discardableResult
func check(_ call: String, _ result: Int32) throws(Problem) -> Int32 {
    guard result >= 0 else { throw .system(call, errno) }
    return result
}
