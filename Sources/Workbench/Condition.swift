/// Something that another process or thread will make true.
package enum Condition {
    package struct NeverMet: Error, CustomStringConvertible {
        package let description: String
    }

    /// Looks again and again until `isMet`; throws after ten minutes, for a machine may be busy with
    /// other things.
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
