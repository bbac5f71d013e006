import CLinux

/// planet-cred itself, started again to work on its own.
package enum BackgroundProcess {
    /// Starts `planet-cred ARGUMENTS`, detached, with our own environment: it has the same work to
    /// do as we. Answers its process id, or `nil` if it could not be started.
    package static func start(_ arguments: [String]) -> Int32? {
        Spawn.again(arguments, environment: ProcessEnvironment.allEntries)
    }

    /// Starts one whose whole work is to start another, and waits for its end: that other process
    /// is then nobody's child, and a program that we become under `exec` never hears of it. Whether
    /// it ended well.
    package static func startAsOrphan(by arguments: [String]) -> Bool {
        guard let processID = start(arguments) else { return false }
        var status: Int32 = 0
        return retrying { waitpid(processID, &status, 0) } == processID && status == 0
    }
}
