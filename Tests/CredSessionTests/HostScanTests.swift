import CredCore
import CredSession
import Foundation
import Testing
import Workbench

/// The scan that parses few files, against one that parses all of them, in order.
@Suite("Scan for a host") struct HostScanTests {
    @Test(
        "whatever the profiles, the scan finds what reading all of them in order finds",
        arguments: 1...3 as ClosedRange<UInt64>)
    func scan(_ seed: UInt64) throws {
        let stage = try SessionStage()
        var crowd = ProfileCrowd(seed: seed)
        for _ in 0..<240 { try crowd.addProfile(to: stage) }
        let store = ProfileStore(stage.locations)
        let profiles = store.names().compactMap { name in
            // Broken profiles are passed over.
            try? store.profile(name)?.profile
        }
        let answers = try ProfileCrowd.origins().map { origin in
            let covering = profiles.filter { $0.covers(origin) }
            let wanted = covering.first { $0.names(origin) } ?? covering.first
            let found = store.profile(covering: origin, skipping: { _ in })?.profile
            return Answer(origin: origin, wanted: wanted?.name, found: found?.name)
        }
        #expect(answers.filter { $0.wanted != $0.found } == [])
        #expect(profiles.count > 100)
        #expect(answers.count { $0.found != nil } > 20)
        #expect(answers.count { $0.found == nil } > 20)
    }

    private struct Answer: Hashable {
        let origin: Origin, wanted: ProfileName?, found: ProfileName?
    }
}

extension Profile {
    fileprivate func names(_ origin: Origin) -> Bool {
        hosts.contains { pattern in
            if case .exact = pattern { pattern.matches(origin) } else { false }
        }
    }
}

/// Folders of profiles of every kind, good and bad.
private struct ProfileCrowd {
    private var generator: SeededGenerator
    private var count = 0

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let hosts = [
        "data.example.com", "tiles.example.com", "a.b.example.com", "example.com",
        "data.example.org",
        "x_y.example.org", "xn--exmple-cua.com", "localhost", "127.0.0.1", "127.0.0.10",
        "192.0.2.1",
        "api.planet.com", "tiles0.planet.com", "sh.dataspace.copernicus.eu", "kube.example.net",
    ]
    private static let addresses = [
        "[2001:db8::1]", "[2001:0DB8:0:0:0:0:0:1]", "[::1]", "[0:0:0:0:0:0:0:1]",
    ]
    private static let ports = ["", ":443", ":80", ":8443"]

    /// Every place that somebody may ask for, and some that nobody names.
    static func origins() throws -> [Origin] {
        let more = ["www.example.com", "evilexample.com", "data.example.co", "ata.example.com"]
        return try (hosts + more + addresses.prefix(3)).flatMap { host in
            try ports.flatMap { port in
                let secure = try Origin(scheme: .https, authority: host + port)
                // Plain http is for loopback alone.
                let plain = try? Origin(scheme: .http, authority: host + port)
                return [secure] + (plain.map { [$0] } ?? [])
            }
        }
    }

    mutating func addProfile(to stage: SessionStage) throws {
        count += 1
        let name = pick(["p", "q", "\u{e9}", "a b", "Q", ".p"]) + "\(pick(0...999))-\(count)"
        // Each built-in name once, for a profile of another kind could not be written over it.
        let builtIn = [97: "legacy", 194: "planet-user"][count]
        let folder = "home/.planet/\(builtIn ?? name)"
        let file = "\(folder)/auth_client.json"
        switch pick(0...19) {
        case 0: try stage.write("\(folder)/auth_client.sops.json", try text())
        case 1: try stage.write("\(folder)/auth_client.json/x", try text())
        case 2: try stage.write(folder, try text())
        case 3:
            try stage.write("\(folder)/token.json", "{}")
            try FileManager.default.createSymbolicLink(
                atPath: stage.absolute(file), withDestinationPath: "nowhere")
        case 4: try stage.write(file, String(try text().dropLast(pick(1...9))))
        case 5: try stage.write(file, "\u{FEFF}" + (try text()), mode: 0o644)
        case 6: try stage.write(file, "")
        default: try stage.write(file, try text())
        }
    }

    /// A profile that claims some hosts, in one of the ways to say so.
    private mutating func text() throws -> String {
        let host = pick(Self.hosts)
        let port = pick(Self.ports)
        let exact = #""planet_cred":{"hosts":["\#(spelled(host))\#(port)"]}"#
        switch pick(0...13) {
        case 0...3: return key(exact)
        case 4:
            let domain = host.split(separator: ".").dropFirst().joined(separator: ".")
            return key(#""planet_cred":{"hosts":["nobody.example","*.\#(spelled(domain))"]}"#)
        case 5: return key(#""planet_cred":{"hosts":["\#(pick(Self.addresses))\#(port)"]}"#)
        case 6: return key(escaped(exact, host))
        case 7: return key(#""note":"a\/b\u0041","# + exact)
        case 8: return key(#""planet_cred":{"hosts":[]}"#)
        case 9:
            let scheme = host == "localhost" ? "http" : "https"
            return client("https://as.example", #""audiences":["\#(scheme)://\#(host)\#(port)/x"]"#)
        case 10: return key(#""note":"\#(host)""#)
        case 11: return client("https://\(host)", #""note":"audiences""#)
        case 12:
            return client("https://\(host)", #""audiences":["https://nobody.example/"]"#)
        default:
            let issuer = pick([
                "https://login.planet.com", "https://iam.earthdaily.com/x", "https://as.example",
                "https://identity.dataspace.copernicus.eu/auth/realms/CDSE",
            ])
            return client(issuer, #""note":0"#)
        }
    }

    private mutating func key(_ members: String) -> String {
        let scheme = pick([#""bearer_token_prefix":"api-key","#, ""])
        return #"{"client_type":"static_apikey","api_key":"k",\#(scheme)\#(members)}"#
    }

    private func client(_ issuer: String, _ members: String) -> String {
        #"{"client_type":"oidc_device_code","client_id":"i","auth_server":"\#(issuer)",\#(members)}"#
    }

    /// The host with some letters in capitals.
    private mutating func spelled(_ host: String) -> String {
        guard pick(0...2) == 0 else { return host }
        return host.map { pick(0...1) == 0 ? $0.uppercased() : String($0) }.joined()
    }

    /// The text with a letter of the host, or the star before it, as a number.
    private func escaped(_ text: String, _ host: String) -> String {
        guard let letter = host.unicodeScalars.first else { return text }
        let digits = String(letter.value, radix: 16)
        return text.replacing("[\"" + String(letter), with: "[\"\\u00\(digits)")
    }

    private mutating func pick(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[pick(0...(choices.count - 1))]
    }
}
