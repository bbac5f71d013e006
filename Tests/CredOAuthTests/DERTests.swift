import CredOAuth
import TestSupport
import Testing

@Suite("DER") struct DERTests {
    @Test(
        "a number has no zero too much before it, and one where its first bit would be a sign",
        arguments: [
            Row("nothing", [], [2, 1, 0]), Row("zero", [0], [2, 1, 0]),
            Row("zeros", [0, 0, 0], [2, 1, 0]), Row("one", [1], [2, 1, 1]),
            Row("the largest byte without a sign", [0x7F], [2, 1, 0x7F]),
            Row("a byte with a sign", [0x80], [2, 2, 0, 0x80]),
            Row("two bytes", [1, 0], [2, 2, 1, 0]), Row("a zero before it", [0, 1], [2, 1, 1]),
            Row("the zero that is needed", [0, 0xFF], [2, 2, 0, 0xFF]),
        ] as [Row<[UInt8], [UInt8]>])
    func integer(_ row: Row<[UInt8], [UInt8]>) {
        #expect(DER.integer(row.given) == row.wanted)
    }

    /// X.690 §8.1.3 and §10.1.
    @Test(
        "a length takes as few bytes as it can",
        arguments: [
            Row("none", 0, [0x30, 0]), Row("the largest in one byte", 127, [0x30, 0x7F]),
            Row("the least with a count", 128, [0x30, 0x81, 0x80]),
            Row("the largest in one more", 255, [0x30, 0x81, 0xFF]),
            Row("the least in two more", 256, [0x30, 0x82, 1, 0]),
            Row("the largest in two more", 65_535, [0x30, 0x82, 0xFF, 0xFF]),
            Row("the least in three more", 65_536, [0x30, 0x83, 1, 0, 0]),
        ] as [Row<Int, [UInt8]>])
    func length(_ row: Row<Int, [UInt8]>) {
        let content = [UInt8](repeating: 7, count: row.given)
        #expect(DER.sequence(content) == row.wanted + content)
    }

    @Test("a sequence holds its elements one after the other")
    func sequence() {
        #expect(DER.sequence(DER.integer([1]), DER.integer([2])) == [0x30, 6, 2, 1, 1, 2, 1, 2])
    }

    @Test("a bit string of whole bytes leaves no bit out")
    func bitString() {
        #expect(DER.bitString([0xA0]) == [3, 2, 0, 0xA0])
    }
}
