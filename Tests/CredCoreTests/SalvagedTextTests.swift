import CredCore
import TestSupport
import Testing
import Workbench

/// Finding tokens in what should be JSON and is not.
@Suite("Salvaged text") struct SalvagedTextTests {
    @Test(
        "every whole string value of a name is found, wherever it is",
        arguments: [
            Row("a whole object", #"{"t":"a","u":"b"}"#, ["a"]),
            Row("cut off after it", #"{"t":"a","u":"#, ["a"]),
            Row("cut off in it", #"{"u":"b","t":"a"#, []),
            Row("cut off in an escape", #"{"t":"a\"#, []),
            Row("two objects", #"{"t":"a"}{"t":"b"}"#, ["a", "b"]),
            Row("the rest of a longer one", #"{"t":"a"}oken","t" : "b"}"#, ["a", "b"]),
            Row("twice the same", #"{"t":"a"}{"t":"a"}"#, ["a"]),
            Row("deeper", #"[[{"x":{"t":"a"}}"#, ["a"]),
            Row("with white space", "{\"t\"\n:\t\"a\"", ["a"]),
            Row("with escapes", #"{"t":"\u0061\"b"# + "\"", ["a\"b"]),
            Row("empty", #"{"t":""}"#, []),
            Row("a number", #"{"t":1}"#, []),
            Row("another name", #"{"not":"a","tt":"b"}"#, []),
            Row("a name alone", #""t""#, []),
            Row("a name as a value", #"{"x":"t","t":"a"}"#, ["a"]),
            Row("nothing", "", []),
        ] as [Row<String, [String]>])
    func values(_ row: Row<String, [String]>) {
        #expect(SalvagedText.strings(named: "t", in: Array(row.given.utf8)) == row.wanted)
    }

    @Test("a value that is not UTF-8 is skipped, and those after it are found")
    func invalid() {
        let bytes = Array(#"{"t":""#.utf8) + [0xFF] + Array(#"","t":"a""#.utf8)
        #expect(SalvagedText.strings(named: "t", in: bytes) == ["a"])
    }

    @Test("whatever the bytes are, the search ends")
    func random() {
        let examples = [#"{"t":"a\u0061"}"#, #"{"t":"#, #""t""t":"t":"t"#]
        for bytes in SeededBytes.inputs(count: 2000, seed: 8, from: examples) {
            _ = SalvagedText.strings(named: "t", in: bytes)
        }
    }
}
