extension StringProtocol {
    /// The first occurrence of `pattern`, byte for byte.
    ///
    /// The standard library's search would link its regular expressions, one megabyte more in the
    /// program.
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
