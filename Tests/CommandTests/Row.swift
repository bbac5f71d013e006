import Testing

/// One case of a test, with its name: what goes in and what must come out.
struct Row<Input: Sendable, Expected: Sendable>: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: Input
    let expected: Expected

    init(_ name: String, _ input: Input, _ expected: Expected) {
        testDescription = name
        self.input = input
        self.expected = expected
    }
}

/// A case of which the same is expected as of all others.
typealias Case<Input: Sendable> = Row<Input, Void>

extension Row where Expected == Void {
    init(_ name: String, _ input: Input) { self.init(name, input, ()) }
}
