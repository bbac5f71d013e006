extension PracticeServer {
    /// Header fields in the order of the message; names compare without case.
    package struct Headers: Sendable, ExpressibleByDictionaryLiteral {
        package private(set) var fields: [(name: String, value: String)]

        package init(dictionaryLiteral elements: (String, String)...) {
            fields = elements.map { (name: $0, value: $1) }
        }

        /// The first value of this name.
        package subscript(_ name: String) -> String? { values(of: name).first }

        /// All values of this name, in order.
        package func values(of name: String) -> [String] {
            let wanted = name.lowercased()
            return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
        }

        package mutating func append(_ name: String, _ value: String) {
            fields.append((name: name, value: value))
        }
    }
}
