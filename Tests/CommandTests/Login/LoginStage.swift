import Foundation
import PracticeServer
import Testing
import Workbench

/// A practice server, a home with the profile `person`, to which not logged in, and a
/// browser.
struct LoginStage {
    let server: PracticeServer
    let home: ScratchHome
    let browser: ScratchBrowser

    init(
        _ configuration: PracticeServer.Configuration = PracticeServer.Configuration(),
        type: String = "oidc_auth_code",
        browser habit: ScratchBrowser.Habit = .following,
        changing members: PracticeServer.MemberOverrides = [:],
        own: PracticeServer.MemberOverrides = [:]
    ) throws {
        server = try PracticeServer(configuration)
        home = try ScratchHome()
        browser = try ScratchBrowser(in: home, habit)
        try home.writeProfile("person", .login(type, server, changing: members, own: own))
    }

    /// `planet-cred ARGUMENTS`, not yet started; with the browser unless told otherwise.
    func command(
        _ arguments: [String], input: String = "", with variables: [String: String] = [:]
    ) -> Command {
        let usual = browser.environment.merging(["PL_AUTH_PROFILE": "person"]) { $1 }
        var command = home.planetCred(
            arguments, input: input, with: usual.merging(variables) { $1 })
        command.needs.append(server)
        return command
    }

    /// Runs `planet-cred ARGUMENTS` without a terminal.
    func run(
        _ arguments: String..., input: String = "", with variables: [String: String] = [:]
    ) async throws -> Outcome {
        try await command(arguments, input: input, with: variables).run()
    }

    /// Starts `planet-cred login person OPTIONS` at a terminal.
    func login(
        _ options: String..., elsewhere: Set<StandardStream> = [],
        with variables: [String: String] = [:]
    ) throws -> PseudoTerminal {
        try PseudoTerminal(
            command(["login", "person"] + options, with: variables), elsewhere: elsewhere)
    }

    /// What only the page of a login that was successful has.
    static let success = "<h1>Logged in</h1>"

    /// What a person without a browser on this machine has.
    static let noBrowser = ["BROWSER": ""]

    var tokenRequests: [PracticeServer.Request] {
        server.requests.filter { $0.path == "/token" }
    }

    /// The members of the token file; none where there is no file.
    var token: [String: Any] { (try? home.token("person")) ?? [:] }

    var hasToken: Bool { home.tokenText("person") != nil }

    /// The stored access token as `token` prints it.
    var printedToken: String { "\(token["access_token"] ?? "")\n" }
}

/// What a person and a browser do.
extension LoginStage {
    /// Waits until the server has been asked for a device code.
    func untilCodeIsWanted() async throws {
        try await Condition.wait(for: "the request of a code") {
            server.requestCount("/device_authorization") > 0
        }
    }

    /// Opens a page and goes wherever it leads.
    func follow(_ url: String) async throws {
        _ = try await home.shell("curl -sL -o /dev/null \"$1\"", url)
    }

    /// Where the server sends a browser that opens an authorization URL.
    func reply(to url: String) async throws -> String {
        try await home.shell("curl -s -o /dev/null -w '%{redirect_url}' \"$1\"", url).text
    }

    /// The status and the body at a URL, wherever it leads.
    func visit(_ url: String, host: String? = nil) async throws -> (status: String, text: String) {
        let answer = try await home.shell(
            "curl -s -w '\\n%{http_code}' ${2:+-H \"Host: $2\"} \"$1\"", url, host ?? "")
        let lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false)
        return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
    }

    /// The authorization URL that a terminal shows on a line of its own.
    func shownURL(_ terminal: PseudoTerminal) async throws -> String {
        try await terminal.expect(/\n(?:planet-cred:)? *(http\S+\/authorize\?\S+)\n/)
    }
}

/// The place on this machine to which a login has the browser sent back.
struct Callback {
    private let parts: URLComponents

    init(of authorizationURL: String) throws {
        let redirect = try #require(URLComponents(string: authorizationURL)?["redirect_uri"])
        parts = try #require(URLComponents(string: redirect))
    }

    var port: Int { parts.port ?? 80 }

    /// The URL with these parameters and no others.
    func url(path: String? = nil, _ items: KeyValuePairs<String, String> = [:]) -> String {
        var parts = parts
        if let path { parts.path = path }
        parts.queryItems = items.map { URLQueryItem(name: $0.key, value: $0.value) }
        return parts.string ?? ""
    }
}

extension URLComponents {
    /// The first value of a parameter.
    subscript(_ name: String) -> String? { queryItems?.first { $0.name == name }?.value }
}
