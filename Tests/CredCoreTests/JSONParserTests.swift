import CredCore
import TestSupport
import Testing

@Suite("JSON parser") struct JSONParserTests {
    @Test(
        "every text in the grammar is read",
        arguments: [
            Row("a lone null", "null", "null"),
            Row("a lone string", "\"\"", "\"\""),
            Row("space around a value", " \t\r\n[ ] \n", "[]"),
            Row("an empty object", "{ }", "{}"),
            Row("true and false", "[true,false]", "[true,false]"),
            Row("nested lists", "[[[]],{\"a\":[{}]}]", "[[[]],{\"a\":[{}]}]"),
            Row("zero", "0", "0"),
            Row("minus zero", "-0", "-0"),
            Row("a fraction keeps its zeros", "1.500", "1.500"),
            Row("an exponent", "1e5", "1e5"),
            Row("an exponent with a sign", "[0E+2,0.5e-10]", "[0E+2,0.5e-10]"),
            Row("an exponent with leading zeros", "1e00", "1e00"),
            Row("a number beyond any type", "-123123e100000", "-123123e100000"),
            Row("every short escape", #""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#),
            Row("an escaped letter", #""\u0041\u00e9\u00E9""#, #""A\u00e9\u00e9""#),
            Row("an escaped NUL", #""\u0000""#, #""\u0000""#),
            Row("a pair of surrogates", #""\uD834\uDD1E""#, #""\ud834\udd1e""#),
            Row("the last scalar", #""\uDBFF\uDFFF""#, #""\udbff\udfff""#),
            Row("a noncharacter", #""\uFFFE""#, #""\ufffe""#),
            Row("letters as they are", "\"é€𝄞\"", #""\u00e9\u20ac\ud834\udd1e""#),
            Row("a DEL as it is", "\"\u{7F}\"", #""\u007f""#),
            Row("line separators as they are", "\"\u{2028}\"", #""\u2028""#),
            Row("an empty member name", #"{"":0}"#, #"{"":0}"#),
            Row("an escaped member name", #"{"\u0061":0}"#, #"{"a":0}"#),
            Row("a byte order mark, §8.1", "\u{FEFF} [1]", "[1]"),
        ])
    func accepted(_ row: Row<String, String>) throws {
        let value = try JSONValue(parsing: Array(row.given.utf8))
        #expect(value.text(.compact) == row.wanted)
    }

    @Test(
        "every text outside the grammar is refused",
        arguments: [
            Example("nothing", ""),
            Example("only space", " "),
            Example("two byte order marks", "\u{FEFF}\u{FEFF}null"),
            Example("a byte order mark behind the value", "null\u{FEFF}"),
            Example("two values", "1 2"),
            Example("a comment", "[1/**/]"),
            Example("a word cut short", "nul"),
            Example("a word in capitals", "True"),
            Example("a longer word", "truee"),
            Example("a comma at the end of a list", "[1,]"),
            Example("a comma at the start of a list", "[,1]"),
            Example("two commas", "[1,,2]"),
            Example("no comma", "[1 2]"),
            Example("an open list", "[1"),
            Example("a list closed as an object", "[1}"),
            Example("a stray bracket", "[]]"),
            Example("a comma at the end of an object", #"{"a":1,}"#),
            Example("a member without a value", #"{"a":}"#),
            Example("a member without a colon", #"{"a" 1}"#),
            Example("a member without a name", "{:1}"),
            Example("a name that is no string", "{1:1}"),
            Example("a name in single quotes", "{'a':1}"),
            Example("an open object", #"{"a":1"#),
            Example("a leading zero", "01"),
            Example("a leading zero after minus", "-012"),
            Example("a plus", "+1"),
            Example("a lone minus", "-"),
            Example("two minuses", "--1"),
            Example("a lone dot", ".5"),
            Example("a dot without digits", "1."),
            Example("a dot before the exponent", "1.e1"),
            Example("an exponent without digits", "1e"),
            Example("an exponent with a sign alone", "1e+"),
            Example("an exponent with two signs", "1e+-1"),
            Example("hexadecimal", "0x1"),
            Example("infinity", "Infinity"),
            Example("not a number", "NaN"),
            Example("a digit of another script", "\u{FF11}"),
            Example("an open string", "\"a"),
            Example("a string that ends in a backslash", "\"\\"),
            Example("a raw line break", "\"a\nb\""),
            Example("a raw tab", "\"\t\""),
            Example("a raw NUL", "\"\0\""),
            Example("an unknown escape", #""\x41""#),
            Example("a capital escape", #""\N""#),
            Example("an escaped single quote", #""\'""#),
            Example("an escape cut short", #""\u00A""#),
            Example("an escape that is not hexadecimal", #""\u00G0""#),
            Example("an escape with a sign", #""\u+041""#),
            Example("a lead surrogate alone", #""\uD834""#),
            Example("a lead surrogate before a letter", #""\uD834a""#),
            Example("two lead surrogates", #""\uD834\uD834""#),
            Example("a trail surrogate alone", #""\uDD1E""#),
            Example("surrogates in the wrong order", #""\uDD1E\uD834""#),
            Example("a vertical tab as space", "\u{0B}1"),
            Example("a no-break space", "\u{A0}1"),
            Example("a NUL after the value", "1\0"),
        ])
    func refused(_ example: Example<String>) {
        #expect(throws: Failure.self) { try JSONValue(parsing: Array(example.given.utf8)) }
    }

    @Test(
        "TOK-08: bytes that are not UTF-8 are refused",
        arguments: [
            Example<[UInt8]>("a lone continuation", [0x22, 0x80, 0x22]),
            Example<[UInt8]>("an overlong slash", [0x22, 0xC0, 0xAF, 0x22]),
            Example<[UInt8]>("an overlong NUL", [0x22, 0xC0, 0x80, 0x22]),
            Example<[UInt8]>("an encoded surrogate", [0x22, 0xED, 0xA0, 0x80, 0x22]),
            Example<[UInt8]>("beyond the last scalar", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22]),
            Example<[UInt8]>("a sequence cut short", [0x22, 0xE2, 0x82, 0x22]),
            Example<[UInt8]>("Latin 1", [0x22, 0xE9, 0x22]),
            Example<[UInt8]>("a byte outside a string", [0xE9]),
            Example<[UInt8]>("UTF-16", [0xFF, 0xFE, 0x31, 0x00]),
            Example<[UInt8]>("a bad member name", [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x30, 0x7D]),
        ])
    func notUTF8(_ example: Example<[UInt8]>) {
        #expect(throws: Failure.self) { try JSONValue(parsing: example.given) }
    }

    @Test("TOK-08: of members with the same name the last one counts, in the first one's place")
    func duplicates() throws {
        let text = #"{"a":1,"b":2,"a":3,"\u0061":4}"#
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value.text(.compact) == #"{"a":4,"b":2}"#)
    }

    @Test("names that Unicode calls equivalent and that differ in bytes are different members")
    func equivalentNames() throws {
        let text = #"{"\u00e9":1,"e\u0301":2,"K":3,"\u212a":4}"#
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value.text(.compact) == text)
        #expect(value.object?["e\u{301}"] == .integer(2))
        #expect(value.object?["\u{212A}"] == .integer(4))
    }

    @Test("128 levels are read and 129 are refused")
    func depth() throws {
        let deepest = nested(128)
        #expect(try JSONValue(parsing: Array(deepest.utf8)).text(.compact) == deepest)
        #expect(throws: Failure.self) { try JSONValue(parsing: Array(nested(129).utf8)) }
    }

    @Test("many lists side by side are not many levels")
    func siblings() throws {
        let text = "[" + String(repeating: "[],{},", count: 500) + "[]]"
        #expect(try JSONValue(parsing: Array(text.utf8)).array?.count == 1001)
    }

    @Test("TOK-08: a text of 1 MiB is read and a longer one is refused")
    func size() throws {
        let longest = "\"" + String(repeating: "a", count: JSONValue.maximumByteCount - 2) + "\""
        #expect(try JSONValue(parsing: Array(longest.utf8)).string?.utf8.count == (1 << 20) - 2)
        #expect(throws: Failure.self) { try JSONValue(parsing: Array((longest + " ").utf8)) }
    }

    @Test(
        "a complaint names line and column and nothing of the text",
        arguments: [
            Row("the first line", #"{"access_token":"hunter2"x}"#, "(line 1, column 26)"),
            Row("the third line", "{\n\"access_token\":\n \"hunter2\" x}", "(line 3, column 12)"),
            Row("inside a string", "[\"hunter2\n\"]", "(line 2, column 1)"),
            Row("at the end", "[\"hunter2\"", "(line 1, column 11)"),
        ])
    func complaint(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) {
            try JSONValue(parsing: Array(row.given.utf8))
        }
        #expect(failure.kind == .failed)
        #expect(failure.because?.hasSuffix(row.wanted) == true)
        #expect(!"\(failure)".contains("hunter2"))
    }

    private func nested(_ levels: Int) -> String {
        String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
}
