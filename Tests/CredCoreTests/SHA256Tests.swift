import CredCore
import TestSupport
import Testing

@Suite("SHA-256") struct SHA256Tests {
    @Test(
        "the vectors of FIPS 180-4 hold",
        arguments: [
            Row(
                "empty", "",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            Row(
                "24 bits", "abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            Row(
                "448 bits", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
            Row(
                "896 bits",
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                    + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
            Row(
                "one million times a", String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ])
    func vectors(_ row: Row<String, String>) {
        #expect(SHA256.hexadecimalDigest(of: Array(row.given.utf8)) == row.wanted)
    }

    @Test(
        "messages around the end of a block are padded right",
        arguments: [
            Row(
                "55 bytes", 55,
                "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            Row(
                "56 bytes", 56,
                "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            Row(
                "63 bytes", 63,
                "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
            Row(
                "64 bytes", 64,
                "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            Row(
                "65 bytes", 65,
                "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
            Row(
                "119 bytes", 119,
                "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
            Row(
                "120 bytes", 120,
                "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
        ])
    func padding(_ row: Row<Int, String>) {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: row.given)
        #expect(SHA256.hexadecimalDigest(of: message) == row.wanted)
    }

    @Test("the digest is 32 bytes, the same as its digits")
    func bytes() {
        let digest = SHA256.digest(of: Array("abc".utf8))
        #expect(digest.count == 32)
        #expect(digest.prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
    }
}
