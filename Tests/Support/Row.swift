import Testing

/// One row of a table of examples: its name, what goes in, what must come out.
package struct Row<Given: Sendable, Wanted: Sendable>: Sendable, CustomTestStringConvertible {
    package let testDescription: String
    package let given: Given
    package let wanted: Wanted

    package init(_ name: String, _ given: Given, _ wanted: Wanted) {
        testDescription = name
        self.given = given
        self.wanted = wanted
    }
}

/// A row whose outcome the test's name tells.
package struct Example<Given: Sendable>: Sendable, CustomTestStringConvertible {
    package let testDescription: String
    package let given: Given

    package init(_ name: String, _ given: Given) {
        testDescription = name
        self.given = given
    }
}

/// A text as an example, shown on one short line whatever it contains.
package struct ShownText: Sendable, ExpressibleByStringLiteral, CustomTestStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package init(stringLiteral text: String) { self.text = text }

    package var testDescription: String {
        let shown = text.debugDescription
        return shown.utf8.count <= 80 ? shown : "\(shown.prefix(60))... (\(text.utf8.count) bytes)"
    }
}
