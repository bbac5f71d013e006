import CredCore
import Testing
import Workbench

/// Noise and mutated examples: a parser may refuse them, never stop the process.
@Suite("Hostile input") struct HostileInputTests {
    @Test(
        "whatever the JSON parser takes survives writing and reading",
        arguments: 1...8 as ClosedRange<UInt64>)
    func json(_ seed: UInt64) {
        let values = SeededBytes.inputs(count: 4000, seed: seed, from: Self.json).compactMap {
            try? JSONValue(parsing: $0)
        }
        let broken = values.filter { value in
            let texts = [value.text(.compact), value.text(.indented)]
            let again = texts.map { try? JSONValue(parsing: Array($0.utf8)) }
            return again.contains { $0?.text(.compact) != texts[0] }
        }
        #expect(values.count > 100)
        #expect(broken.isEmpty)
    }

    @Test("whatever is a URL is written as a URL that reads the same")
    func url() {
        let urls = Self.texts(seed: 11, from: Self.urls).compactMap { try? WebURL($0) }
        let broken = urls.filter { (try? WebURL($0.description)) != $0 }
        #expect(urls.count > 100)
        #expect(broken.isEmpty)
    }

    @Test("whatever is a host or a pattern is written as one that reads the same")
    func hosts() {
        let texts = Self.texts(seed: 12, from: ["[2001:db8::1]", "127.0.0.1", "*.a.example:99"])
        let hosts = texts.compactMap { Host($0) }
        let patterns = texts.compactMap { try? HostPattern($0) }
        #expect(hosts.count > 100)
        #expect(hosts.filter { Host($0.description) != $0 }.isEmpty)
        #expect(patterns.filter { (try? HostPattern($0.text)) != $0 }.isEmpty)
    }

    @Test("whatever is a form survives writing and reading")
    func form() {
        let forms = Self.texts(seed: 13, from: ["code=a%20b&state=%C3%BC&x", "a=b&a=c+d&%26=%3D"])
            .compactMap(FormEncoding.decode)
        let broken = forms.filter { FormEncoding.decode(FormEncoding.encode($0)) != $0 }
        #expect(forms.count > 100)
        #expect(broken.isEmpty)
    }

    @Test(
        "whatever is base 64 is what its bytes are written as",
        arguments: [Base64.Alphabet.standard, .url])
    func base64(_ alphabet: Base64.Alphabet) {
        let texts = Self.texts(
            count: 6000, seed: 14, from: ["Zm9vYmFy", "Zm9vYg==", "-__-", "Zm9vYg", "+//+"])
        let taken = texts.filter { Base64.decode($0, alphabet) != nil }
        let broken = taken.filter { text in
            Base64.decode(text, alphabet).map { Base64.encode($0, alphabet) } != text
        }
        #expect(taken.count > 100)
        #expect(broken.isEmpty)
    }

    @Test("whatever git's lines hold, no attribute holds a line end or a NUL")
    func attributes() {
        let inputs = SeededBytes.inputs(count: 20_000, seed: 15, from: Self.requests)
        let lists = inputs.compactMap(GitCredentialAttributes.decode)
        let broken = lists.joined().filter { attribute in
            let bytes = Array(attribute.key.utf8) + Array(attribute.value.reveal().utf8)
            return bytes.contains(0) || bytes.contains(0x0A)
        }
        let origins = inputs.compactMap { GitCredentialRequest(parsing: $0)?.origin }
        #expect(lists.count > 100)
        #expect(broken.isEmpty)
        #expect(origins.filter { Host($0.host.description) != $0.host }.isEmpty)
    }

    @Test("whatever a server answers, its status is final and no header holds an LF")
    func response() {
        let responses = SeededBytes.inputs(count: 20_000, seed: 16, from: Self.responses)
            .compactMap { HTTPResponse(wire: $0) }
        let headers = responses.flatMap(\.headers)
        #expect(responses.count > 100)
        #expect(responses.filter { $0.status < 0 || (100...199) ~= $0.status }.isEmpty)
        #expect(headers.filter { ($0.name + $0.value).utf8.contains(0x0A) }.isEmpty)
    }

    @Test("whatever is a date is within the years 0 to 9999, give or take an offset")
    func dates() {
        let texts = Self.texts(
            seed: 17,
            from: [
                "1996-12-19T16:39:57.5-08:00", "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            ])
        let times = texts.compactMap {
            UnixTime(rfc3339: $0) ?? UnixTime(httpDate: $0, now: UnixTime(0))
        }
        let years = Int64(-62_167_305_600)...253_402_387_199
        #expect(times.count > 100)
        #expect(times.filter { !years.contains($0.seconds) }.isEmpty)
    }

    @Test("whatever is a profile file, reading it ends")
    func profiles() {
        let objects = SeededBytes.inputs(count: 8000, seed: 18, from: Self.profiles).compactMap {
            try? JSONValue(parsing: $0).object
        }
        let profiles = objects.compactMap { try? Profile(parsing: $0, name: .planetUser) }
        #expect(objects.count > 100)
        #expect(profiles.count > 10)
    }

    @Test("whatever is a template, its text is kept")
    func templates() {
        let texts = Self.texts(seed: 19, from: ["Bearer {token}", "{profile}-{expires_at}"])
        let taken = texts.filter {
            (try? EnvironmentVariable(name: "A", template: $0, kind: .usage)) != nil
        }
        let broken = taken.filter { text in
            let variable = try? EnvironmentVariable(name: "A", template: text, kind: .usage)
            return variable?.value { "{\($0.rawValue)}" } != Secret(text)
        }
        #expect(taken.count > 100)
        #expect(broken.isEmpty)
    }

    private static func texts(
        count: Int = 20_000, seed: UInt64, from examples: [String]
    ) -> [String] {
        SeededBytes.inputs(count: count, seed: seed, from: examples).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static let json = [
        #"{"access_token":"a","expires_in":3600,"scope":"a b","_iat":1.5e3}"#,
        #"[null,true,false,-0.0,"\u00e9\ud83d\ude00\n",{"":[[]]}]"#, "\"é😀\"", "-12.5E+10",
    ]
    private static let urls = [
        "https://example.com:8443/a/b?c=d", "http://127.0.0.1:18080/%41", "https://[2001:db8::1]/",
    ]
    private static let requests = [
        "capability[]=authtype\nprotocol=https\nhost=a.example:443\nwwwauth[]=Bearer realm=\"a\"\n",
        "url=https://user:pass@a.example/b?c#d\nusername=\u{e9}\npassword=x\nstate[]=a:b\n\n",
    ]
    private static let responses = [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n{}",
        "HTTP/2 401 \nwww-authenticate:Bearer\n\n",
    ]
    private static let profiles = [
        #"{"client_type":"static_apikey","api_key":"k","bearer_token_prefix":"api-key"}"#,
        #"{"client_type":"oidc_device_code","client_id":"i","auth_server":"https://a.example/"}"#,
        #"{"client_type":"none","planet_cred":{"hosts":["*.a.example"],"environment":{"A":""}}}"#,
    ]
}
