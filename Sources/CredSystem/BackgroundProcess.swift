/// planet-cred itself, started again to work on its own.
package enum BackgroundProcess {
    /// Starts `planet-cred ARGUMENTS`, detached, with our own environment: it has the same work to
    /// do as we. Answers whether it was started.
    package static func start(_ arguments: [String]) -> Bool {
        Spawn.again(arguments, environment: ProcessEnvironment.allEntries)
    }
}
