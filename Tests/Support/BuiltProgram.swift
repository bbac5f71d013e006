import Foundation

/// The program under test, as it was built together with the tests.
package enum BuiltProgram {
    /// `PLANET_CRED_TEST_BINARY` names another one, such as the release build.
    package static let path: String = {
        if let path = ProcessInfo.processInfo.environment["PLANET_CRED_TEST_BINARY"] { return path }
        let runner = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return runner.deletingLastPathComponent().appending(path: "planet-cred").path()
    }()
}
