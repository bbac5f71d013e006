/// The few values of DER that public keys and ECDSA signatures are made of. ITU-T X.690 §8 and §10.
package enum DER {
    package static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        value(tag: 0x30, elements.flatMap { $0 })
    }

    /// A number that is not negative, from its bytes, the most significant first; zeros before it
    /// do not count.
    package static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        // The highest bit would be read as a sign.
        let needsZero = digits.first.map { $0 >= 0x80 } ?? true
        return value(tag: 0x02, (needsZero ? [0] : []) + digits)
    }

    /// Whole bytes as a bit string.
    package static func bitString(_ bytes: [UInt8]) -> [UInt8] {
        value(tag: 0x03, [0] + bytes)
    }

    static let null: [UInt8] = [0x05, 0x00]
    /// 1.2.840.113549.1.1.1, RFC 8017 appendix A.1.
    static let rsaEncryption: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01,
    ]
    /// 1.2.840.10045.2.1, RFC 5480 §2.1.1.
    static let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    /// 1.2.840.10045.3.1.7, RFC 5480 §2.1.1.1.
    static let prime256v1: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]

    private static func value(tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    /// In one byte below 128, else the number of bytes that follow and the length in them.
    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 128 else { return [UInt8(count)] }
        var digits: [UInt8] = []
        var rest = count
        while rest > 0 {
            digits.insert(UInt8(rest & 255), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(digits.count)] + digits
    }
}
