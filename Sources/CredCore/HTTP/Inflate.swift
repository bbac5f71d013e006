/// Decompresses DEFLATE data, alone or framed by gzip or zlib. RFC 1951, RFC 1952, RFC 1950.
///
/// A stream that is damaged, cut off or too long yields the content before that point. Checksums
/// are not compared, because a mismatch would not lead to a better text.
struct Inflate {
    private let input: ArraySlice<UInt8>
    private let limit: Int
    private var position: Int
    private var bitBuffer = 0
    private var bitCount = 0
    private var output: [UInt8] = []

    private init(_ input: ArraySlice<UInt8>, limit: Int) {
        self.input = input
        self.limit = limit
        position = input.startIndex
    }

    /// The content of gzip data; `nil` if it does not start like gzip.
    /// - Parameter limit: the size of the content, in bytes; the rest is dropped.
    static func gzip(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard bytes.count > 10, bytes.starts(with: [0x1F, 0x8B, 8]) else { return nil }
        let flags = bytes[3]
        var start = 10
        if flags & 4 != 0, bytes.count > start + 2 {
            start += 2 + Int(bytes[start]) + (Int(bytes[start + 1]) << 8)
        }
        // A file name, then a comment, each terminated by a zero.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else {
                return []
            }
            start = end + 1
        }
        if flags & 2 != 0 { start += 2 }
        guard start < bytes.count else { return [] }
        return plain(bytes[start...], limit: limit)
    }

    /// The content of zlib data; `nil` if it does not start like zlib.
    static func zlib(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard bytes.count > 2, bytes[0] & 15 == 8, bytes[1] & 0x20 == 0,
            ((Int(bytes[0]) << 8) + Int(bytes[1])) % 31 == 0
        else { return nil }
        return plain(bytes[2...], limit: limit)
    }

    /// The content of data without a frame.
    static func plain(_ bytes: ArraySlice<UInt8>, limit: Int) -> [UInt8] {
        var inflate = Inflate(bytes, limit: limit)
        while inflate.block() {}
        return inflate.output
    }

    /// Decompresses one block. Returns whether another one follows.
    private mutating func block() -> Bool {
        guard let isLast = bits(1), let type = bits(2) else { return false }
        let isWhole =
            switch type {
            case 0: stored()
            case 1: compressed(.fixedLiterals, .fixedDistances)
            case 2: dynamic()
            default: false
            }
        return isWhole && isLast == 0
    }

    private mutating func stored() -> Bool {
        (bitBuffer, bitCount) = (0, 0)
        guard position + 4 <= input.endIndex else { return false }
        let count = Int(input[position]) | Int(input[position + 1]) << 8
        position += 4
        let end = min(position + count, input.endIndex, position + limit - output.count)
        output += input[position..<end]
        defer { position = end }
        return end == position + count
    }

    /// A block that is preceded by its own codes, which are also compressed. RFC 1951 §3.2.7.
    private mutating func dynamic() -> Bool {
        guard let literals = bits(5), let distances = bits(5), let count = bits(4),
            literals <= 29, distances <= 29
        else { return false }
        var lengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<(count + 4) {
            guard let length = bits(3) else { return false }
            lengths[Int(Self.order[index])] = UInt8(length)
        }
        guard let lengthCode = HuffmanCode(lengths[...]),
            let all = codeLengths(literals + 257 + distances + 1, lengthCode),
            case let literalCount = literals + 257
        else { return false }
        return compressed(HuffmanCode(all[..<literalCount]), HuffmanCode(all[literalCount...]))
    }

    private mutating func codeLengths(_ count: Int, _ code: HuffmanCode) -> [UInt8]? {
        var lengths: [UInt8] = []
        while lengths.count < count {
            guard let symbol = symbol(code) else { return nil }
            guard symbol >= 16 else {
                lengths.append(UInt8(symbol))
                continue
            }
            let (bitCount, least) = symbol == 16 ? (2, 3) : symbol == 17 ? (3, 3) : (7, 11)
            guard let more = bits(bitCount), symbol != 16 || !lengths.isEmpty else { return nil }
            let repeated = symbol == 16 ? lengths[lengths.count - 1] : 0
            lengths += repeatElement(repeated, count: least + more)
        }
        return lengths.count == count ? lengths : nil
    }

    /// Decompresses up to the end of the block. Returns whether it was found.
    private mutating func compressed(_ literals: HuffmanCode?, _ distances: HuffmanCode?) -> Bool {
        guard let literals, let distances else { return false }
        while let symbol = symbol(literals) {
            guard symbol != 256 else { return true }
            guard output.count < limit else { return false }
            guard symbol > 256 else {
                output.append(UInt8(symbol))
                continue
            }
            guard symbol <= 285, let extra = bits(Int(Self.lengthBits[symbol - 257])),
                let code = self.symbol(distances), code <= 29,
                let extraDistance = bits(code < 2 ? 0 : code / 2 - 1)
            else { return false }
            let distance = Self.firstDistance(code) + extraDistance
            guard distance <= output.count else { return false }
            let count = Int(Self.lengths[symbol - 257]) + extra
            for _ in 0..<min(count, limit - output.count) {
                output.append(output[output.count - distance])
            }
        }
        return false
    }

    /// The next symbol, whose bits come one by one, the highest first.
    private mutating func symbol(_ code: HuffmanCode) -> Int? {
        var (value, first, index) = (0, 0, 0)
        for length in 1...15 {
            guard let bit = bits(1) else { return nil }
            value |= bit
            let count = code.counts[length]
            if value - first < count { return Int(code.symbols[index + value - first]) }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        return nil
    }

    private mutating func bits(_ count: Int) -> Int? {
        while bitCount < count {
            guard position < input.endIndex else { return nil }
            bitBuffer |= Int(input[position]) << bitCount
            position += 1
            bitCount += 8
        }
        defer {
            bitBuffer >>= count
            bitCount -= count
        }
        return bitBuffer & ((1 << count) - 1)
    }

    /// The smallest distance of a code. RFC 1951 §3.2.5.
    private static func firstDistance(_ code: Int) -> Int {
        code < 2 ? code + 1 : ((2 + (code & 1)) << (code / 2 - 1)) + 1
    }

    private static let order: [UInt8] = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]
    private static let lengths: [UInt16] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ]
    private static let lengthBits: [UInt8] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
}

/// A canonical Huffman code with codes of up to 15 bits. RFC 1951 §3.2.2.
private struct HuffmanCode {
    /// How many codes there are of each length.
    let counts: [Int]
    /// The symbols in the order of their codes.
    let symbols: [UInt16]

    /// - Parameter lengths: of the code of each symbol; 0 for one that does not occur. `nil` if
    ///   there cannot be so many codes.
    init?(_ lengths: ArraySlice<UInt8>) {
        var counts = [Int](repeating: 0, count: 16)
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...15 {
            left = (left << 1) - counts[length]
            guard left >= 0 else { return nil }
        }
        self.counts = counts
        var symbols: [UInt16] = []
        for length in 1...15 where counts[length] > 0 {
            for (symbol, own) in lengths.enumerated() where Int(own) == length {
                symbols.append(UInt16(symbol))
            }
        }
        self.symbols = symbols
    }

    /// The codes of blocks without their own. RFC 1951 §3.2.6.
    static var fixedLiterals: HuffmanCode? {
        let lengths: [UInt8] = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        return HuffmanCode(lengths[...])
    }

    static var fixedDistances: HuffmanCode? {
        HuffmanCode([UInt8](repeating: 5, count: 30)[...])
    }
}
