import CredCore
import TestSupport
import Testing

@Suite("git credential reply") struct GitCredentialReplyTests {
    struct Question: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var kind: Credential.Kind = .accessToken
        var expiresAt: UnixTime?
        var capabilities: [GitCredentialRequest.Capability] = []
        var state: String?
        var continues = false
        let wanted: String
    }

    @Test(
        "git gets the lines it can read, and only those it announced",
        arguments: [
            Question(
                testDescription: "a token", capabilities: [.authtype],
                wanted: "capability[]=authtype|authtype=Scheme|credential=secret|ephemeral=1|"),
            Question(
                testDescription: "a token with an expiry", expiresAt: UnixTime(1234),
                capabilities: [.authtype],
                wanted: "capability[]=authtype|authtype=Scheme|credential=secret|ephemeral=1|"
                    + "password_expiry_utc=1234|"),
            Question(
                testDescription: "a key", kind: .apiKey, capabilities: [.authtype],
                wanted: "capability[]=authtype|authtype=Scheme|credential=secret|ephemeral=1|"),
            Question(
                testDescription: "a token with a state", capabilities: [.authtype, .state],
                state: "s:1", continues: true,
                wanted: "capability[]=authtype|capability[]=state|authtype=Scheme|"
                    + "credential=secret|ephemeral=1|state[]=s:1|continue=1|"),
            Question(
                testDescription: "a state that is the last", capabilities: [.authtype, .state],
                state: "s:1",
                wanted: "capability[]=authtype|capability[]=state|authtype=Scheme|"
                    + "credential=secret|ephemeral=1|state[]=s:1|"),
            Question(
                testDescription: "no state, so nothing continues",
                capabilities: [.authtype, .state], continues: true,
                wanted: "capability[]=authtype|authtype=Scheme|credential=secret|ephemeral=1|"),
            Question(
                testDescription: "an old git and a token", expiresAt: UnixTime(1234),
                wanted: "username=me|password=secret|password_expiry_utc=1234|"),
            Question(
                testDescription: "an old git and a key", kind: .apiKey,
                wanted: "username=secret|password=|"),
            Question(
                testDescription: "state without authtype", capabilities: [.state], state: "s:1",
                continues: true,
                wanted: "capability[]=state|username=me|password=secret|state[]=s:1|continue=1|"),
            Question(
                testDescription: "a state that git did not ask for", capabilities: [.authtype],
                state: "s:1", continues: true,
                wanted: "capability[]=authtype|authtype=Scheme|credential=secret|ephemeral=1|"),
            Question(
                testDescription: "an old git and a state", state: "s:1", continues: true,
                wanted: "username=me|password=secret|"),
        ])
    func lines(_ question: Question) throws {
        let authorization = try #require(Authorization(scheme: "Scheme", credential: "secret"))
        let credential = Credential(question.kind, authorization, expiresAt: question.expiresAt)
        let form = GitCredentialReply.Form(
            credential, to: question.capabilities, AuthenticationOffer([]))
        let reply = GitCredentialReply(
            credential, username: "me", as: try #require(form), to: question.capabilities,
            state: question.state, continues: question.continues)
        let text = String(question.wanted.map { $0 == "|" ? "\n" : $0 })
        #expect(reply.text == Secret(text))
    }

    @Test(
        "TOK-16: a value that would be another attribute to git makes no reply at all",
        arguments: [
            Example("an LF", "me\nhost=evil.example"), Example("a CR", "me\rhost=evil.example"),
            Example("both", "me\r\nhost=evil.example"), Example("a NUL", "me\0"),
            Example("an LF before a mark", "me\n\u{301}=x"),
        ])
    func injection(_ example: Example<String>) throws {
        let authorization = try #require(Authorization(scheme: "Bearer", credential: "secret"))
        let credential = Credential(.accessToken, authorization)
        let name = GitCredentialReply(
            credential, username: example.given, as: .userAndPassword, to: [], state: nil,
            continues: false)
        let state = GitCredentialReply(
            credential, username: "me", as: .scheme, to: [.authtype, .state],
            state: example.given, continues: false)
        #expect(name.text == nil)
        #expect(state.text == nil)
    }
}
