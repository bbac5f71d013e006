import CredCore
import TestSupport
import Testing

@Suite("Form encoding") struct FormEncodingTests {
    @Test(
        "TOK-01: text is encoded as RFC 6749 Appendix B has it",
        arguments: [
            Row("the RFC's vector", " %&+£€", "+%25%26%2B%C2%A3%E2%82%AC"),
            Row("nothing", "", ""),
            Row("what stays", "aZ09-._*", "aZ09-._*"),
            Row("a tilde", "~", "%7E"),
            Row("what separates", "=&;?/:@#", "%3D%26%3B%3F%2F%3A%40%23"),
            Row("line ends", "\r\n\0", "%0D%0A%00"),
            Row("a URL", "http://127.0.0.1:9/cb", "http%3A%2F%2F127.0.0.1%3A9%2Fcb"),
        ])
    func encode(_ row: Row<String, String>) {
        #expect(FormEncoding.encode(row.given) == row.wanted)
    }

    @Test("TOK-02: id and secret are encoded so that a colon between them stays the only one")
    func basicParts() {
        #expect(FormEncoding.encode("a:b") == "a%3Ab")
        #expect(FormEncoding.encode("p+ ü%/=") == "p%2B+%C3%BC%25%2F%3D")
    }

    @Test("fields keep their order and may repeat a name")
    func fields() {
        let fields = [FormField("b", "1 2"), FormField("a&", ""), FormField("b", "=")]
        #expect(FormEncoding.encode(fields) == "b=1+2&a%26=&b=%3D")
        #expect(FormEncoding.decode("b=1+2&a%26=&b=%3D") == fields)
        #expect(FormEncoding.encode([FormField]()) == "")
    }

    @Test(
        "a form is read field by field",
        arguments: [
            Row("nothing", "", []),
            Row("a name alone", "a", [FormField("a", "")]),
            Row("an empty name", "=a", [FormField("", "a")]),
            Row("a second equals sign", "a=b=c", [FormField("a", "b=c")]),
            Row("surplus separators", "&&a=1&", [FormField("a", "1")]),
            Row("both spellings of a space", "a=x+y%20z", [FormField("a", "x y z")]),
            Row("an encoded plus", "a=%2B", [FormField("a", "+")]),
            Row("lower-case digits", "a=%c3%bc", [FormField("a", "ü")]),
            Row("an encoded separator", "a=%26%3D", [FormField("a", "&=")]),
            Row("a percent sign once decoded", "a=%2541", [FormField("a", "%41")]),
            Row("text as it is", "a=ü", [FormField("a", "ü")]),
            Row("a mark after the equals sign", "a=\u{338}b", [FormField("a", "\u{338}b")]),
            Row(
                "AUTH-05: a name that comes twice is there twice", "state=1&code=2&state=3",
                [FormField("state", "1"), FormField("code", "2"), FormField("state", "3")]),
        ])
    func decode(_ row: Row<String, [FormField]>) {
        #expect(FormEncoding.decode(row.given) == row.wanted)
    }

    @Test(
        "a form that cannot be read for sure is refused",
        arguments: [
            Example("a percent sign at the end", "a=%"), Example("one digit", "a=%4"),
            Example("no digits", "a=%zz"), Example("one bad digit", "a=%4g"),
            Example("a sign for a digit", "a=%+1"), Example("digits across fields", "a=%4&1=b"),
            Example("a name", "%=a"), Example("not UTF-8", "a=%ff"),
            Example("an overlong NUL", "a=%c0%80"), Example("half a letter", "a=%c3&b=%bc"),
        ])
    func refused(_ example: Example<String>) {
        #expect(FormEncoding.decode(example.given) == nil)
    }

    @Test("every byte that a text can hold survives")
    func everyScalar() {
        let text = String(String.UnicodeScalarView((0...0x7FF).compactMap(Unicode.Scalar.init)))
        let field = FormField(text, text)
        #expect(FormEncoding.decode(FormEncoding.encode([field])) == [field])
    }

    @Test(
        "percent-encoding resolves bytes and leaves a plus alone",
        arguments: [
            Row("nothing to do", "a+b", [0x61, 0x2B, 0x62]),
            Row("both cases", "%aF%Fa", [0xAF, 0xFA]),
            Row("cut short", "%a", nil), Row("no digit", "%g0", nil), Row("empty", "", []),
        ] as [Row<String, [UInt8]?>])
    func percent(_ row: Row<String, [UInt8]?>) {
        #expect(PercentEncoding.decode(Array(row.given.utf8)) == row.wanted)
    }
}
