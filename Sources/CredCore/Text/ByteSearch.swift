extension StringProtocol {
    /// Where `pattern` first occurs, byte for byte.
    ///
    /// The standard library's own search comes with the whole machinery of regular expressions,
    /// a megabyte that every start would carry.
    package func firstRange(ofBytes pattern: StaticString) -> Range<Index>? {
        let wanted = UnsafeBufferPointer(
            start: pattern.utf8Start, count: pattern.utf8CodeUnitCount)
        for start in utf8.indices {
            let rest = utf8[start...]
            if rest.starts(with: wanted) {
                return start..<utf8.index(start, offsetBy: wanted.count)
            }
        }
        return nil
    }
}
