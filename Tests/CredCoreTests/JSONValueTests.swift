import CredCore
import TestSupport
import Testing
import Workbench

@Suite("JSON values") struct JSONValueTests {
    @Test(
        "TOK-07: a number in any notation states a whole number, clamped to 64 bits",
        arguments: [
            Row("as usual", "3600", 3600),
            Row("zero", "0", 0),
            Row("minus zero", "-0", 0),
            Row("negative", "-5", -5),
            Row("with a fraction of zero", "3600.0", 3600),
            Row("a fraction is dropped", "1.999", 1),
            Row("a negative fraction is dropped", "-1.999", -1),
            Row("with an exponent", "3.6e3", 3600),
            Row("large", "1e15", 1_000_000_000_000_000),
            Row("the largest", "9223372036854775807", .max),
            Row("one more than the largest", "9223372036854775808", .max),
            Row("the smallest", "-9223372036854775808", .min),
            Row("one less than the smallest", "-9223372036854775809", .min),
            Row("beyond a Double", "1e400", .max),
            Row("beyond a Double, negative", "-1e400", .min),
            Row("too small for a Double", "1e-400", 0),
            Row("more digits than a Double has", "9007199254740993.5", 9_007_199_254_740_993),
            Row("all but one", "0.99999999999999999999", 0),
            Row("the largest, by an exponent", "9.223372036854775807e18", .max),
            Row("the smallest, by an exponent", "-92233720368547758.08E+2", .min),
            Row("an exponent beyond 64 bits", "1e99999999999999999999", .max),
            Row("a small exponent beyond 64 bits", "-1e-99999999999999999999", 0),
            Row("zero with a large exponent", "0.000e99999999999999999999", 0),
            Row("digits that only the exponent brings", "0.00012e4", 1),
        ])
    func integer(_ row: Row<String, Int64>) throws {
        #expect(try JSONValue(parsing: Array(row.given.utf8)).integer == row.wanted)
    }

    @Test(
        "what is no number states no whole number",
        arguments: [
            Example("a string", JSONValue.string("3600")), Example("null", .null),
            Example("true", .bool(true)), Example("a list", .array([.integer(1)])),
            Example("an object", .object(JSONObject())),
        ])
    func noInteger(_ example: Example<JSONValue>) {
        #expect(example.given.integer == nil)
    }

    @Test("a number that a Double holds states what the Double does")
    func doubles() throws {
        var generator = SeededGenerator(seed: 7)
        let texts = (0..<20_000).map { _ in
            let sign = Bool.random(using: &generator) ? "-" : ""
            let whole = Int.random(in: 0...99_999_999, using: &generator)
            let fraction = Int.random(in: 0...9_999_999, using: &generator)
            let exponent = Int.random(in: -30...30, using: &generator)
            return "\(sign)\(whole).\(fraction)e\(exponent)"
        }
        let wrong = try texts.filter { text in
            let value = try #require(Double(text)).rounded(.towardZero)
            let wanted = Int64(exactly: value) ?? (value > 0 ? .max : .min)
            let stated = try #require(JSONValue(parsing: Array(text.utf8)).integer)
            // Beyond 2^53 a Double is the nearest that it can be.
            return abs(value) < 0x1p53 || abs(value) > 0x1p63
                ? stated != wanted : abs(Double(stated) - value) > 0
        }
        #expect(wrong.isEmpty)
    }

    @Test("a number of a million digits is clamped")
    func longNumber() throws {
        let digits = String(repeating: "9", count: 1_000_000)
        #expect(try JSONValue(parsing: Array(digits.utf8)).integer == .max)
    }

    @Test("each kind of value answers to its own name only")
    func accessors() {
        #expect(JSONValue.string("a").string == "a")
        #expect(JSONValue.bool(false).bool == false)
        #expect(JSONValue.array([.null]).array == [.null])
        #expect(JSONValue.object(["a": .null]).object?.members.count == 1)
        #expect(JSONValue.null.string == nil)
        #expect(JSONValue.integer(1).bool == nil)
        #expect(JSONValue.string("").array == nil)
        #expect(JSONValue.array([]).object == nil)
    }

    @Test("setting a known member keeps its place, a new one comes last, nil removes")
    func members() {
        var object: JSONObject = ["b": .integer(1), "a": .integer(2)]
        object["b"] = .integer(3)
        object["c"] = .null
        object["a"] = nil
        object["missing"] = nil
        #expect(JSONValue.object(object).text(.compact) == #"{"b":3,"c":null}"#)
        #expect(object["a"] == nil)
        #expect(object["c"] == .null)
    }

    @Test("a sorted object has its names in code point order, as Python writes them")
    func sorted() {
        let object: JSONObject = [
            "b": .null, "": .null, "\u{FFFF}": .null, "\u{10000}": .null, "B": .null, "_": .null,
            "e\u{301}": .null, "ab": .null, "a": .null,
        ]
        let names = object.sorted.members.map { Array($0.name.unicodeScalars).map(\.value) }
        #expect(
            names == [
                [], [0x42], [0x5F], [0x61], [0x61, 0x62], [0x62], [0x65, 0x301], [0xFFFF],
                [0x10000],
            ])
    }
}
