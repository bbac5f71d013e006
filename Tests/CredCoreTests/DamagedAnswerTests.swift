import CredCore
import TestSupport
import Testing
import Workbench

/// What is found in an answer that is not a JSON object.
@Suite("Damaged answers") struct DamagedAnswerTests {
    static let tokens: String = #""access_token":"A","refresh_token":"R""#

    private func found(_ body: [UInt8], isComplete: Bool = true) -> [String: String] {
        let members = DamagedAnswer(body, isComplete: isComplete)?.members.members ?? []
        return Dictionary(
            members.compactMap { member in
                member.value.string.map { (member.name, $0) }
            }, uniquingKeysWith: { $1 })
    }

    private static let both: [String: String] = ["access_token": "A", "refresh_token": "R"]

    @Test(
        "both tokens are found",
        arguments: [
            Example("cut off after them", "{\(tokens)"),
            Example("cut off in the next name", "{\(tokens),\"sco"),
            Example("cut off in the next value", "{\(tokens),\"scope\":\"a"),
            Example("cut off in an escape", "{\(tokens),\"scope\":\"a\\"),
            Example("bytes after the object", "{\(tokens)}garbage"),
            Example("another object after it", #"{\#(tokens)}{"refresh_token":"other"}"#),
            Example("a closing bracket too many", "{\(tokens)}}"),
            Example("a line before it", "Warning: x in y.php\n{\(tokens)}"),
            Example("a guard against scripts", ")]}',\n{\(tokens)}"),
            Example("a function around it", "callback({\(tokens)});"),
            Example("an empty object before it", "{}{\(tokens)}"),
            Example("a comma at the end", "{\(tokens),}"), Example("two commas", "{,,\(tokens)}"),
            Example("no commas", #"{"access_token":"A" "refresh_token":"R"}"#),
            Example(
                "zeros between", "{\0\"access_token\"\0:\0\"A\"\0,\0\"refresh_token\":\"R\"\0}\0\0"),
            Example("zeros before", "\0\0{\(tokens)}"),
            Example("a byte order mark", "\u{FEFF}{\(tokens)"),
            Example("a line in a string", "{\"scope\":\"a\nb\",\(tokens)}"),
            Example("a wrong escape in a string", #"{"scope":"\x",\#(tokens)}"#),
            Example("half a surrogate in a string", #"{"scope":"\ud800",\#(tokens)}"#),
            Example("a wrong number", #"{"expires_in":03600,\#(tokens)}"#),
            Example("a word that is none", #"{"active":True,\#(tokens)}"#),
            Example("a list that is none", #"{"a":[1,,2,],\#(tokens)}"#),
            Example(
                "500 levels",
                #"{"a":\#(String(repeating: "[", count: 500))\#(String(repeating: "]", count: 500)),\#(tokens)}"#
            ),
            Example("no first bracket", "\(tokens)}"),
            Example("escapes in a name", #"{"access\u005ftoken":"A","refresh_token":"R""#),
            Example("the last of a name", #"{"refresh_token":"old",\#(tokens)"#),
            Example("a form", "access_token=A&refresh_token=R"),
            Example("a form with other fields", "scope=a+b&access_token=A&x&=&refresh_token=%52"),
            Example("a form with a line end", "access_token=A&refresh_token=R\r\n"),
        ])
    func bothFound(_ example: Example<String>) {
        let found = found(Array(example.given.utf8)).filter {
            $0.key.hasSuffix("s_token") || $0.key == "refresh_token"
        }
        #expect(found == Self.both)
    }

    @Test(
        "bytes that are not UTF-8 spoil their own string only",
        arguments: [
            Example(
                "in another value",
                Array(#"{"scope":""#.utf8) + [0xFF, 0xC3] + Array("\",\(tokens)}".utf8)),
            Example(
                "in another name", Array("{\"".utf8) + [0xFF] + Array("\":\"x\",\(tokens)}".utf8)),
            Example("between", Array("{".utf8) + [0xFF, 0xFE] + Array("\(tokens)}".utf8)),
            Example("before", [0x80] + Array("{\(tokens)}".utf8)),
            Example("after", Array("{\(tokens)}".utf8) + [0xFF]),
        ])
    func notUTF8(_ example: Example<[UInt8]>) {
        #expect(found(example.given) == Self.both)
    }

    @Test(
        "UTF-16 is read",
        arguments: [
            Example("little", utf16(tokens, isLittle: true)),
            Example("big", utf16(tokens, isLittle: false)),
            Example("little with a mark", [0xFF, 0xFE] + utf16(tokens, isLittle: true)),
            Example("big with a mark", [0xFE, 0xFF] + utf16(tokens, isLittle: false)),
            Example("without its last zero", Array(utf16(tokens, isLittle: true).dropLast())),
            Example(
                "a quotation mark inside of a character",
                utf16(#""scope":"∢",\#(tokens)"#, isLittle: true)),
        ])
    func wide(_ example: Example<[UInt8]>) {
        #expect(found(example.given).filter { $0.key != "scope" } == Self.both)
    }

    static func utf16(_ members: String, isLittle: Bool) -> [UInt8] {
        "{\(members)}".utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isLittle ? bytes : bytes.reversed()
        }
    }

    @Test(
        "no refresh token is taken from anywhere else",
        arguments: [
            Example(
                "a string that quotes JSON",
                #"{"error_description":"got {\"refresh_token\":\"x\"}""#),
            Example(
                "one that is not escaped", #"{"error_description":"got {"refresh_token":"x"}","#),
            Example("a string of JSON", #""{\"refresh_token\":\"x\"}""#),
            Example("a nested object", #"{"data":{"refresh_token":"x"},"#),
            Example("one in a list", #"{"data":[{"refresh_token":"x"}],"#),
            Example("a list of objects", #"[{"refresh_token":"x"},"#),
            Example("an object that does not end", #"{"data":{"a":1,"refresh_token":"x""#),
            Example("brackets that are no pair", #"{"data":{"a":[1},"refresh_token":"x"}"#),
            Example("a bracket that closes another", #"{"data":{"a":1],"refresh_token":"x"}"#),
            Example("half of it", #"{"refresh_token":"x"#),
            Example("an escape at its end", #"{"refresh_token":"x\""#),
            Example("a control character in it", "{\"refresh_token\":\"x\ny\""),
            Example("a zero in it", "{\"refresh_token\":\"x\0y\""),
            Example("a wrong escape in it", #"{"refresh_token":"x\q""#),
            Example("no colon", #"{"refresh_token" "x""#),
            Example("a longer name", #"{"old_refresh_token":"x""#),
            Example("a value with its name", #"{"a":"refresh_token","x":"#),
            Example("a name as a value", #"{"a":"refresh_token":"x""#),
            Example("a number", #"{"refresh_token":7,"#),
            Example("null", #"{"refresh_token":null,"#),
            Example("a page", #"<p>{"refresh_token":"x"}"#),
            Example("the bad last of a name", #"{"refresh_token":"x","refresh_token":"\q""#),
            Example("a form in JSON", #"{"a":"refresh_token=x""#),
            Example("a longer field", "xrefresh_token=x"),
            Example("a field after a line", "hello\nrefresh_token=x"),
            Example("a wrong escape in a form", "refresh_token=%zz"),
            Example("nothing", ""), Example("a quotation mark", "\""),
        ])
    func elsewhere(_ example: Example<String>) {
        #expect(found(Array(example.given.utf8))["refresh_token"] == nil)
    }

    @Test(
        "the last field of a form counts if the form is complete",
        arguments: [
            Row("not known", "a=b&refresh_token=R", nil),
            Row("one after it", "refresh_token=R&a=", "R"),
            Row("a line end after it", "refresh_token=R\n", "R"),
        ] as [Row<String, String?>])
    func lastField(_ row: Row<String, String?>) {
        #expect(found(Array(row.given.utf8), isComplete: false)["refresh_token"] == row.wanted)
    }

    @Test(
        "a number counts if something follows it",
        arguments: [
            Row("a comma", #"{"expires_in":3600,"#, 3600),
            Row("nothing", #"{"expires_in":360"#, nil),
        ] as [Row<String, Int64?>])
    func number(_ row: Row<String, Int64?>) {
        let answer = DamagedAnswer(Array(row.given.utf8), isComplete: false)
        #expect(answer?.members["expires_in"]?.integer == row.wanted)
    }

    @Test(
        "what may hide a token is told from what does not",
        arguments: [
            Row("compressed", [0x1B, 0x80, 0xFF, 0x22], true),
            Row("a nested object", Array(#"{"d":{"refreshToken":1}}"#.utf8), true),
            Row("a page", Array("<p>refresh_token".utf8), false),
            Row("a text", Array("Down for maintenance".utf8), false),
            Row("an object", Array("{}".utf8), false), Row("nothing", [], false),
            Row("zeros", [0, 0, 0], false),
        ] as [Row<[UInt8], Bool>])
    func mayHide(_ row: Row<[UInt8], Bool>) {
        #expect(DamagedAnswer.mayHideToken(row.given) == row.wanted)
    }

    @Test(
        "a token is never one that the answer does not have, whole and at the top, whatever the damage"
    )
    func random() {
        let examples = [
            #"{"access_token":"SECRET","token_type":"Bearer","refresh_token":"REFRESH"}"#,
            #"{"error_description":"{\"refresh_token\":\"INNER\"}","refresh_token":"REFRESH"}"#,
            #"{"a":{"refresh_token":"NESTED"},"refresh_token":"REFRESH","b":[{"refresh_token":"LISTED"}]}"#,
            "access_token=SECRET&refresh_token=REFRESH&scope=a",
        ]
        let wrong = SeededBytes.inputs(count: 40_000, seed: 7, from: examples).filter { input in
            guard let token = found(input, isComplete: false)["refresh_token"], !token.isEmpty
            else { return false }
            // Between quotation marks of its own, or in a form.
            let text = String(decoding: input, as: UTF8.self)
            return !text.contains("\"\(token)\"") && !text.contains("refresh_token=")
                && !text.contains("\\")
        }
        #expect(wrong.map { String(decoding: $0, as: UTF8.self) } == [])
    }

    @Test(
        "a megabyte of the worst is scanned in one go",
        .timeLimit(.minutes(60)),
        arguments: [
            "{\"a\":\"b\",", "{", "[", "}", "\"", "\\\"", "\"a\":", "\"refresh_token\":\"a\",",
            "a=b&", "a=", "&", "%", "x",
        ])
    func large(_ part: String) {
        let body = String(repeating: part, count: (1 << 20) / part.utf8.count)
        _ = found(Array(body.utf8))
        _ = found(Array("{\(body)".utf8))
        _ = DamagedAnswer.mayHideToken(Array(body.utf8))
    }
}
