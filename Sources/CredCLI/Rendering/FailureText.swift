package import CredCore

extension Failure {
    /// One line for each part that there is.
    package var text: String {
        var text = "planet-cred: error: \(what)\n"
        if let because { text += "planet-cred: because: \(because)\n" }
        if let remedy { text += "planet-cred: try: \(remedy)\n" }
        return text
    }
}
