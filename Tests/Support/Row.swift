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
