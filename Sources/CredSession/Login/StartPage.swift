import CredCore
import CredSystem

/// The local page that the browser is started with; it redirects to the page of the server.
///
/// Every user of the machine can read the arguments of a browser. With the URL of a login, which
/// contains its `state` and its PKCE challenge, or with a device code, another user could complete
/// the login with their own account: this user would then work in that account and upload to it. So
/// the browser is started with a URL that reveals nothing, and only a program of the same user or
/// of root is redirected. A file that only the user can read would do the same, but a sandboxed
/// browser cannot read it, another program may be the one that opens such files, and it has to be
/// removed.
///
/// A request that does not come from a program on this machine is redirected: it is from a browser
/// that reaches a container or a virtual machine through a forwarded port. Without /proc nobody is
/// redirected, and the person opens the URL that is shown.
struct StartPage: Sendable {
    let url: WebURL
    private let target: WebURL

    init(leadingTo target: WebURL, at origin: Origin, _ clock: World.Clock) {
        self.target = target
        url = WebURL(origin: origin, path: "/open/\(Base64.encode(clock.random(16), .url))")
    }

    /// The answer to a request; `nil` if it is for another page.
    /// - Parameter refused: called with the reason if another user asked for this page.
    func answer(
        to request: LocalRequest, from peer: LoopbackPeer, refused: (String) -> Void
    ) -> LocalPage? {
        guard request.path == url.path else { return nil }
        switch peer {
        case .trusted, .elsewhere:
            return LocalPage(status: 302, location: target.description, body: "")
        case .undetermined: return RedirectPage.notFound
        case .stranger(let userID):
            refused("\(UserAccounts.description(of: userID)) asked for the page of this login")
            return RedirectPage.notFound
        }
    }
}

/// The start page of a login that needs no other local page.
final class StartPageServer {
    let page: StartPage
    private var listener: LoopbackListener

    /// Fails with kind `.failed` if this machine has no loopback interface.
    init(leadingTo target: WebURL, _ clock: World.Clock) throws(Failure) {
        listener = try LoopbackListener([.ipv4], port: nil)
        let origin = try Origin(scheme: .http, host: .loopback, port: listener.port)
        page = StartPage(leadingTo: target, at: origin, clock)
    }

    /// Answers requests for so many milliseconds.
    func serve(milliseconds: Int64, _ clock: World.Clock, refused: (String) -> Void) {
        let end = clock.uptime() + milliseconds
        while case .request(let request) = listener.next(until: end, or: nil) {
            let answer = page.answer(
                to: request, from: listener.peer(of: request), refused: refused)
            listener.answer(request, answer ?? RedirectPage.notFound)
        }
    }
}
