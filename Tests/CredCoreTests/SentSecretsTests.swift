import CredCore
import TestSupport
import Testing

/// How somebody else may spell what we sent.
enum Spelling: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case asItIs, inQuotes, inAWord, form, percent, percentInLowerCase
    case everyBytePercent, percentTwice, json, jsonInUnicode, jsonTwice, html, htmlInDecimal
    case htmlInHexadecimal, base64, base64URL, basic, basicOfForm, cutOff, cutOffForm, beginning

    var testDescription: String { rawValue }

    func spell(_ secret: String) -> String {
        let bytes = Array(secret.utf8)
        func mapped(_ spell: (Unicode.Scalar) -> String) -> String {
            secret.unicodeScalars.map(spell).joined()
        }
        func hexadecimal(_ value: UInt32, _ count: Int) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: max(count - digits.count, 0)) + digits
        }
        let percent = bytes.map { "%" + hexadecimal(UInt32($0), 2).uppercased() }.joined()
        let form = FormEncoding.encode(secret)
        return switch self {
        case .asItIs: secret
        case .inQuotes: "'\(secret)'"
        case .inAWord: "x\(secret)x"
        case .form: form
        case .percent:
            form.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%20")
        case .percentInLowerCase: percent.lowercased()
        case .everyBytePercent: percent
        case .percentTwice:
            form.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%25")
        case .json: mapped { $0 == "\"" || $0 == "\\" || $0 == "/" ? "\\\($0)" : "\($0)" }
        case .jsonInUnicode:
            mapped { scalar in "\\u" + hexadecimal(scalar.value, 4) }
        case .jsonTwice: mapped { $0 == "\"" || $0 == "\\" ? "\\\\\\\($0)" : "\($0)" }
        case .html:
            mapped { scalar in
                switch scalar {
                case "&": "&amp;"
                case "<": "&lt;"
                case "\"": "&quot;"
                case "'": "&apos;"
                default: "\(scalar)"
                }
            }
        case .htmlInDecimal: mapped { "&#\($0.value);" }
        case .htmlInHexadecimal: mapped { "&#x\(hexadecimal($0.value, 2));" }
        case .base64: Base64.encode(bytes, .standard)
        case .base64URL: Base64.encode(bytes, .url)
        case .basic: "Basic " + Base64.encode(Array("client:\(secret)".utf8), .standard)
        case .basicOfForm: "Basic " + Base64.encode(Array("c:\(form)".utf8), .standard)
        case .cutOff: String(secret.prefix(9)) + "..."
        case .cutOffForm: String(form.prefix(40))
        case .beginning: "unknown token " + String(secret.dropLast(2))
        }
    }
}

@Suite("Sent secrets") struct SentSecretsTests {
    private static let secrets = [
        "hunter2-hunter2-hunter2", "p&ss+w/rd=%\"\\ <'x'> y", "eyJhbGciOi.J9-_x.abc~def",
        "9f3c2b1a0d4e5f60718293a4b5c6d7e8", "z\u{FC}rich-\u{20AC}-\u{1F600}-geheim",
        "%2525%41++//==",
    ]

    struct Echo: Sendable, CustomTestStringConvertible {
        let secret: String
        let spelling: Spelling

        var testDescription: String { "\(spelling.rawValue) of \(secret)" }
    }

    private static let echoes = secrets.flatMap { secret in
        // Characters beyond U+FFFF take two escapes, which the next test has.
        Spelling.allCases.filter { $0 != .jsonInUnicode || !secret.contains("\u{1F600}") }
            .map { Echo(secret: secret, spelling: $0) }
    }

    /// Whether eight characters of the secret, or of its base 64, can be read in a text.
    private func isReadable(_ secret: String, in text: String) -> Bool {
        let encoded = FormEncoding.encode(secret)
        let spellings = [secret, encoded, encoded.lowercased()]
        return spellings.contains { spelling in
            spelling.indices.contains { start in
                let piece = spelling[start...].prefix(8)
                return piece.count == 8 && text.contains(piece)
            }
        }
    }

    @Test("SEC-04: a secret is hidden in every spelling", arguments: echoes)
    func hidden(_ echo: Echo) {
        let spelt = echo.spelling.spell(echo.secret)
        let shown = SentSecrets([Secret(echo.secret)]).words(
            "the server says \(spelt), and more", .sentence)
        #expect(shown.hasPrefix("the server says "))
        #expect(shown.contains("<redacted>"))
        #expect(!isReadable(echo.secret, in: shown))
    }

    @Test("SEC-04: a character beyond U+FFFF is found in both of its escapes")
    func surrogates() {
        let sent = SentSecrets([Secret("a\u{1F600}bcdefg")])
        #expect(sent.words(#"no a\ud83d\ude00bcdefg!"#, .sentence) == "no <redacted>!")
    }

    @Test(
        "a text without a secret stays as it is",
        arguments: [
            Row("nothing of it", "invalid client", "invalid client"),
            Row("fewer characters than eight", "hunter2 is no client", "hunter2 is no client"),
            Row("a percent sign", "100% sure %zz %4", "100% sure %zz %4"),
            Row("an ampersand", "you & me &amp; &x; &#x; &#", "you & me &amp; &x; &#x; &#"),
            Row("a backslash", #"a\b \u12 \"#, #"a\b \u12 \"#),
        ])
    func stays(_ row: Row<String, String>) {
        #expect(SentSecrets([Secret("hunter2-hunter2")]).words(row.given, .sentence) == row.wanted)
    }

    @Test(
        "a short secret is hidden only where it is a whole word",
        arguments: [
            Row("a word", "go to the server", "go <redacted> the server"),
            Row("in quotes", "invalid value 'to'", "invalid value '<redacted>'"),
            Row("a part of a word", "the tool stops", "the tool stops"),
            Row("at both ends", "to to", "<redacted> <redacted>"),
            Row("encoded", "%74o %74%6F", "<redacted> <redacted>"),
        ])
    func short(_ row: Row<String, String>) {
        #expect(SentSecrets([Secret("to")]).words(row.given, .sentence) == row.wanted)
    }

    @Test("nothing is hidden for an empty secret")
    func empty() {
        #expect(SentSecrets([Secret("")]).words("all of it", .sentence) == "all of it")
    }

    @Test("a longer secret that begins with a shorter one is hidden as a whole")
    func longest() {
        let sent = SentSecrets([Secret("abcd"), Secret("abcd-efgh-ijkl")])
        #expect(sent.words("no abcd-efgh-ijkl", .sentence) == "no <redacted>")
    }

    @Test(
        "a text is cut to the limit of its kind",
        arguments: [
            Row("a code", ServerText.code, 64), Row("a name", .name, 128),
            Row("a sentence", .sentence, 300), Row("a list", .list, 1000),
        ])
    func cut(_ row: Row<ServerText, Int>) {
        let short = String(repeating: "x", count: row.wanted)
        #expect(SentSecrets.none.words(short, row.given) == short)
        let long = SentSecrets.none.words(short + "x", row.given)
        #expect(long == String(short.dropLast(3)) + "...")
    }

    @Test("a shown text is one line without terminal escapes")
    func oneLine() {
        let text = "a\u{1B}[31mb\r\nc\u{202E}d\u{85}e"
        #expect(SentSecrets.none.words(text, .sentence) == "a [31mb  c d e")
        #expect(SentSecrets.none.words("no\"\u{1B}\u{E4}", .code) == "no   ")
    }

    @Test("a secret that the search cuts off is hidden all the same")
    func searchLimit() {
        let secret = String(repeating: "0123456789abcdef", count: 2000)
        #expect(SentSecrets([Secret(secret)]).words(secret, .name) == "<redacted>")
    }

    @Test("an object hides secrets in names, texts and numbers at any depth")
    func object() {
        let sent = SentSecrets([Secret("12345678"), Secret("hunter2")])
        let object: JSONObject = [
            "hunter2": .string("a"), "n": .number("12345678"),
            "l": .array([.string("x hunter2"), .object(["o": .string("hunter2")])]),
            "keep": .string("hunter2"), "b": .bool(true), "z": .number("7"),
        ]
        #expect(
            sent.hidden(in: object, except: ["keep"]) == [
                "<redacted>": .string("a"), "n": .string("<redacted>"),
                "l": .array([.string("x <redacted>"), .object(["o": .string("<redacted>")])]),
                "keep": .string("hunter2"), "b": .bool(true), "z": .number("7"),
            ])
    }

    @Test("random text can be searched, and stays as it is if no secret is in it")
    func random() {
        var seed: UInt64 = 42
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let alphabet = Array("%&\\+#xu;259aAfF\"/ \u{E4}".unicodeScalars)
        let sent = SentSecrets([Secret("%&\\+#xu;"), Secret("\u{1F600}zzzz")])
        for _ in 0..<2000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<next(30) {
                text.append(alphabet[next(alphabet.count)])
            }
            let shown = sent.words(String(text), .sentence)
            if !sent.appear(in: String(text)) {
                #expect(shown.utf8.elementsEqual(String(text).utf8))
            }
        }
    }
}

@Suite("User information in texts") struct UserInformationTests {
    @Test(
        "SEC-04: no URL in a text shows its user name and password",
        arguments: [
            Row(
                "a proxy", "cannot use http://me:pw@proxy:3128/",
                "cannot use http://...@proxy:3128/"),
            Row("in quotes", "'https://me:pw@a.example' no", "'https://...@a.example' no"),
            Row("two", "http://a:b@c http://d:e@f", "http://...@c http://...@f"),
            Row("without a password", "https://me@a.example/x", "https://...@a.example/x"),
            Row("with an at sign", "http://me:p@w@a.example/", "http://...@a.example/"),
            Row("with a slash", "http://me:p/w@a.example/", "http://...@a.example/"),
            Row("with a question mark", "http://me:p?w@a.example", "http://...@a.example"),
            Row("with a hash", "http://me:p#w@a.example", "http://...@a.example"),
            Row("without a scheme", "//me:pw@a.example", "//...@a.example"),
            Row("an at sign in a path", "https://a.example/@me", "https://a.example/@me"),
            Row("one behind a port", "https://a.example:8443/@me", "https://a.example:8443/@me"),
            Row("an address", "mail me@a.example", "mail me@a.example"),
            Row(
                "one behind a URL", "see https://a.example or me@b", "see https://a.example or me@b"
            ),
        ])
    func hidden(_ row: Row<String, String>) {
        #expect(row.given.printable == row.wanted)
        #expect(SentSecrets.none.words(row.given, .sentence) == row.wanted)
    }
}
