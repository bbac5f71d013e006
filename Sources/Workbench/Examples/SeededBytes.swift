/// SplitMix64: the same numbers in every run, so that a find can be repeated.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

/// Inputs for parsers: noise, and good examples with something wrong in a few places.
package enum SeededBytes {
    package static func inputs(count: Int, seed: UInt64, from examples: [String]) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            index % 4 == 0
                ? noise(&generator)
                : mutation(of: Array(examples[index % examples.count].utf8), &generator)
        }
    }

    private static func noise(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
    }

    private static func mutation(
        of example: [UInt8], _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = example
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let other = Int.random(in: 0...bytes.count, using: &generator)
            let range = min(place, other)..<max(place, other)
            switch Int.random(in: 0...4, using: &generator) {
            case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 1: bytes.insert(punctuation.randomElement(using: &generator) ?? 0, at: place)
            case 2: bytes.removeSubrange(range.prefix(3))
            case 3: bytes.insert(contentsOf: bytes[range], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    /// What parsers stumble over.
    private static let punctuation = Array("\"\\{}[]:,=%&+@/?#.-_ \r\n\t\0\u{301}".utf8)
}
