/// The authentication schemes that a host offers in its `WWW-Authenticate` headers. RFC 9110
/// §11.6.1.
package struct AuthenticationOffer: Hashable, Sendable {
    /// As written, in order.
    package private(set) var schemes: [String] = []

    /// - Parameter headers: the values of the headers; one may contain several challenges.
    package init(_ headers: [String]) {
        for header in headers { read(Array(header.utf8)) }
    }

    /// The maximum length of a scheme's name, in bytes. Longer ones are ignored: no known scheme
    /// has one.
    private static let longestName = 64

    /// Whether it is not known what the host accepts.
    package var isEmpty: Bool { schemes.isEmpty }

    /// Whether the host offers this scheme; names are compared without case. RFC 9110 §11.1.
    package func includes(_ scheme: String) -> Bool {
        schemes.contains { $0.lowercased() == scheme.lowercased() }
    }

    /// Finds the schemes in a list of elements separated by commas. An element that starts with a
    /// name without a `=` after it is a challenge; any other one is a parameter of the challenge
    /// before it.
    private mutating func read(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = Self.endOfElement(bytes, from: start)
            readElement(bytes[start..<end])
            start = end + 1
        }
    }

    private mutating func readElement(_ element: ArraySlice<UInt8>) {
        let text = element.drop(while: Self.isSpace)
        let name = text.prefix(while: TrailerFields.isTokenCharacter)
        let rest = text[name.endIndex...]
        guard (1...Self.longestName).contains(name.count), rest.first.map(Self.isSpace) ?? true,
            rest.drop(while: Self.isSpace).first != UInt8(ascii: "=")
        else { return }
        schemes.append(String(decoding: name, as: UTF8.self))
    }

    /// The index of the next comma outside quotes, or the end.
    private static func endOfElement(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        var isQuoted = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\") where isQuoted: index += 1
            case UInt8(ascii: ",") where !isQuoted: return index
            default: break
            }
            index += 1
        }
        return bytes.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
