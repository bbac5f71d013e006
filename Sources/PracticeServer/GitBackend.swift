import Workbench

/// Git repositories over smart HTTP, served by `git http-backend`.
struct GitBackend {
    static let path = "/git"

    let root: String
    let check: CredentialCheck
    let children: Children

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        switch check.admission(of: request) {
        case .refused(let answer):
            guard answer.status == 401 else { return answer }
            return answer.adding("WWW-Authenticate", #"Basic realm="practice""#)
        case .admitted(_, let user):
            let escaped = request.path.dropFirst(Self.path.count).utf8
            guard let path = Form.unescape(escaped, plus: .itself), !path.contains("\0")
            else { return .plain(400, "malformed path") }
            let backend = Command(
                "git", ["http-backend"], input: request.body,
                environment: environment(request, path: path, user: user), among: children)
            do throws(Problem) {
                let output = try backend.output()
                return CGIOutput.parse(output) ?? .plain(500, "git http-backend wrote no header")
            } catch {
                return .plain(500, "git http-backend failed: \(error)")
            }
        }
    }

    /// RFC 3875 §4.1 and git-http-backend(1). A remote user is what makes pushing possible.
    private func environment(
        _ request: PracticeServer.Request, path: String, user: String
    ) -> [String: String] {
        var environment = [
            "GIT_PROJECT_ROOT": root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": "/nonexistent",
            // The folder may belong to another user than the one who runs the test, and nothing
            // may go on in the background after a push.
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_CONFIG_KEY_1": "receive.autogc",
            "GIT_CONFIG_VALUE_1": "false",
            "REQUEST_METHOD": request.method,
            "PATH_INFO": path,
            "QUERY_STRING": request.query ?? "",
            "CONTENT_LENGTH": String(request.body.count),
            "REMOTE_USER": user,
            "REMOTE_ADDR": "127.0.0.1",
        ]
        environment["CONTENT_TYPE"] = request.headers["Content-Type"]
        environment["HTTP_CONTENT_ENCODING"] = request.headers["Content-Encoding"]
        environment["GIT_PROTOCOL"] = request.headers["Git-Protocol"]
        return environment.filter { !$0.value.contains("\0") }
    }
}

/// What a CGI program writes: header lines, an empty line, the body. RFC 3875 §6
enum CGIOutput {
    static func parse(_ output: [UInt8]) -> PracticeServer.Answer? {
        var answer = PracticeServer.Answer(status: 200)
        var rest = output[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end], as: UTF8.self).trimmed
            rest = rest[(end + 1)...]
            if line.isEmpty {
                answer.body = Array(rest)
                return answer
            }
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let name = String(line[..<colon])
            let value = line[line.index(after: colon)...].trimmed
            switch name.lowercased() {
            case "status": answer.status = Int(value.prefix(3)) ?? 500
            case "content-length": break
            default: answer.headers.append(name, value)
            }
        }
        return nil
    }
}
