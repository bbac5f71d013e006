import CredCore
import CredSystem

/// The pages that the browser shows at the end of a login: they load nothing, send no referrer, and
/// remove the code from the history. RFC 9700 §4.2.4.
enum RedirectPage {
    /// - Parameter acknowledgement: the profile's own page in HTML.
    static func done(_ profile: ProfileName, _ acknowledgement: String?) -> LocalPage {
        guard let acknowledgement else {
            return page(
                200, "Logged in", "Profile '\(profile)' is ready to use. You can close this page.")
        }
        return LocalPage(status: 200, body: "\(acknowledgement)\n\(forget)\n")
    }

    static func failed(_ failure: Failure) -> LocalPage {
        page(400, "Login failed", "\(failure.asReason).")
    }

    static let notOurs = page(
        400, "Login failed",
        "This reply does not belong to the login that planet-cred is waiting for.")

    static let notFound = page(
        404, "Not found", "planet-cred is waiting for a login on another page.")

    private static let forget = "<script>history.replaceState(null, '', location.pathname)</script>"

    private static func page(_ status: Int, _ title: String, _ text: String) -> LocalPage {
        LocalPage(
            status: status,
            body: """
                <!DOCTYPE html>
                <html lang="en">
                <meta charset="utf-8">
                <title>\(title) - planet-cred</title>
                <style>body { font-family: sans-serif; margin: 4em auto; max-width: 36em }</style>
                \(forget)
                <h1>\(title)</h1>
                <p>\(escaped(text))</p>
                </html>

                """)
    }

    /// The text escaped for HTML, for use between tags.
    private static func escaped(_ text: String) -> String {
        // By scalars, not by characters: a combining mark may join with a `<` and hide it.
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: "\(scalar)"
            }
        }.joined()
    }
}
