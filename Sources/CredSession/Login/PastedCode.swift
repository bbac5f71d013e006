import CredCore
import CredOAuth
import CredSystem

extension BrowserLogin {
    /// The page that the browser ends at shows a code, which the person copies.
    func paste(_ redirectURI: String, _ server: LoginServer) throws(Failure) -> LoggedIn {
        guard audience == .person, let terminal = Terminal() else {
            throw .nobodyThere(
                choice, "no browser opens here, and there is no terminal to paste a code at")
        }
        let attempt = try attempt(redirectURI, server)
        login.tell(.visit(page(attempt, .notAtAll, .isPasted)))
        while true {
            let question = login.question("Code", or: ", or the whole URL")
            switch terminal.ask(question, .hidden, until: login.deadline) {
            case .timedOut: throw tooLate()
            case .ended: throw .loginRefused(choice, Login.noLine)
            case .line(let text):
                let reply = RedirectReply(pasted: text.reveal(), to: attempt)
                if let loggedIn = try finish(reply, attempt, server) { return loggedIn }
            }
        }
    }
}
