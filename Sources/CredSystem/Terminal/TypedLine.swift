import CLinux
import CredCore

/// A line as it comes from a terminal, which hands over whole lines: a person can still mend what
/// they typed until they press Enter.
struct TypedLine {
    /// What was typed before a Ctrl-D in the middle of a line.
    private var bytes: [UInt8] = []

    /// In bytes. The kernel keeps 4095 of a line and drops the rest without a word, so one of that
    /// length may not be what was typed.
    private static let limit = 4094

    enum Progress {
        case more
        /// Without its line end.
        case line(Secret)
        /// Ctrl-D on an empty line, the end of the terminal, or a line that is too long or not text.
        case ended
    }

    /// Takes what a non-blocking terminal has right now.
    mutating func read(_ number: Int32) -> Progress {
        switch Descriptor.readChunk(number, upTo: 65_536) {
        case .nothingYet: return .more
        case .failed: return .ended
        case .end: return bytes.isEmpty ? .ended : take(bytes[...])
        case .bytes(let chunk):
            bytes += chunk
            if let end = bytes.firstIndex(of: 0x0A) { return take(bytes[..<end]) }
            return bytes.count <= Self.limit ? .more : take(bytes[...])
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>) -> Progress {
        defer { bytes = [] }
        guard line.count <= Self.limit else { return .ended }
        let line = line.last == 0x0D ? line.dropLast() : line
        return String(validating: line, as: UTF8.self).map { .line(Secret($0)) } ?? .ended
    }
}
