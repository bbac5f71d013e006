import CredCore
import CredOAuth
import CredSystem

/// Fetches the client secret of a profile from where the profile says it is.
struct ClientSecret: Sendable {
    let profile: ProfileName
    /// The folder of the profile's file, for relative paths.
    let folder: String?
    let world: World

    /// Fails with kind `.profile`.
    func credential(_ client: OAuthClient) throws(Failure) -> ClientCredential {
        switch client.authentication {
        case .none: return .identifier(client.clientID)
        case .secret(.literal(let secret), let method):
            return .secret(id: client.clientID, secret, method)
        case .secret(.file(let path), let method):
            return .secret(id: client.clientID, try read(path), method)
        case .secret(.command(let program), let method):
            world.trace { .started(program: program.name) }
            return .secret(id: client.clientID, try world.run(program), method)
        case .privateKey:
            throw Failure(
                .profile, "cannot use profile '\(profile)'",
                because: "clients with a private key are not supported yet",
                remedy: "planet auth login --auth-profile \(profile)")
        }
    }

    /// The file's content without the line end that editors add.
    private func read(_ name: String) throws(Failure) -> Secret {
        let path = try resolve(name)
        let problem: String
        switch File.read(path, .anyFile) {
        case .missing: problem = "it does not exist"
        case .unreadable(let reason), .refused(let reason): problem = reason
        case .content(let content):
            if content.isReadableByOthers {
                world.notice(
                    "others can read the secret in '\(path)'; try: chmod 600 \(path.shellQuoted)")
            }
            var bytes = content.bytes[...]
            if bytes.last == 0x0A { bytes.removeLast() }
            if bytes.last == 0x0D { bytes.removeLast() }
            if let text = String(validating: bytes, as: UTF8.self), !text.isEmpty {
                return Secret(text)
            }
            problem = bytes.isEmpty ? "it is empty" : "it is not UTF-8"
        }
        throw Failure(
            .profile, "cannot read the client secret of profile '\(profile)'",
            because: "'\(path)': \(problem)", remedy: "ls -l \(path.shellQuoted)")
    }

    private func resolve(_ path: String) throws(Failure) -> String {
        if path.utf8.starts(with: "~/".utf8) {
            return "\(try ProcessEnvironment.home())/\(path.dropFirst(2))"
        }
        guard path.utf8.first != UInt8(ascii: "/"), let folder else { return path }
        return "\(folder)/\(path)"
    }
}

extension ClientSecret {
    init(_ choice: ProfileChoice, world: World) {
        let folder = choice.path.flatMap { path in
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) }
        }
        self.init(profile: choice.profile.name, folder: folder, world: world)
    }
}
