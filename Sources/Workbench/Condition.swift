/// A condition that another process or thread will make true.
package enum Condition {
    package struct NeverMet: Error, CustomStringConvertible {
        package let description: String
    }

    /// Polls until `isMet`; throws after ten minutes, because the machine may be busy.
    package static func wait(
        for description: String, _ isMet: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(600)
        while try await !isMet() {
            guard ContinuousClock.now < deadline else { throw NeverMet(description: description) }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
