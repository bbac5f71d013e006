import Testing

/// One row of a table of examples: its name, what goes in, what must come out.
struct Row<Given: Sendable, Wanted: Sendable>: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let given: Given
    let wanted: Wanted

    init(_ name: String, _ given: Given, _ wanted: Wanted) {
        testDescription = name
        self.given = given
        self.wanted = wanted
    }
}

/// A row whose outcome the test's name tells.
struct Example<Given: Sendable>: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let given: Given

    init(_ name: String, _ given: Given) {
        testDescription = name
        self.given = given
    }
}
