import CredCLI
import CredCore

extension Invocation {
    /// `planet-cred LINE` with the words of the line, of which none has a space.
    init(line: String, with variables: [String: String] = [:]) throws(Failure) {
        let words = line.split(separator: " ").map(String.init)
        try self.init(parsing: ["planet-cred"] + words) { variables[$0] }
    }
}
