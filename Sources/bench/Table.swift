import Foundation

/// A measured value with its unit.
struct Figure: Sendable {
    let value: Double
    let unit: Unit

    enum Unit: Sendable { case milliseconds, megabytes, count }

    static func milliseconds(_ value: Double) -> Figure {
        Figure(value: value, unit: .milliseconds)
    }
    static func count(_ value: Int) -> Figure { Figure(value: Double(value), unit: .count) }

    /// From what getrusage(2) counts in units of 1024 bytes.
    static func megabytes(kibibytes: Int) -> Figure {
        Figure(value: Double(kibibytes) * 1024 / 1_000_000, unit: .megabytes)
    }

    var text: String {
        switch unit {
        case .milliseconds: value < 100 ? fixed(value, 2) + " ms" : fixed(value, 0) + " ms"
        case .megabytes: fixed(value, 2) + " MB"
        case .count: fixed(value, 0)
        }
    }
}

/// What a figure must not exceed.
enum Limit: Sendable {
    case none
    case ratio(Double)
    case figure(Figure)
}

/// One line of the report.
struct Row: Sendable {
    let what: String
    let figure: Figure
    var other: Figure?
    var otherName = ""
    var ratio: Double?
    var limit = Limit.none

    init(_ what: String, _ figure: Figure, limit: Limit = .none) {
        self.what = what
        self.figure = figure
        self.limit = limit
    }

    init(_ what: String, _ comparison: Comparison, _ otherName: String, limit: Limit = .none) {
        self.init(what, .milliseconds(comparison.ours), limit: limit)
        other = .milliseconds(comparison.theirs)
        self.otherName = otherName
        ratio = comparison.ratio
    }

    /// Two figures that need no pairs because they hardly vary.
    init(
        _ what: String, _ figure: Figure, _ otherName: String, _ other: Figure,
        limit: Limit = .none
    ) {
        self.init(what, figure, limit: limit)
        self.other = other
        self.otherName = otherName
        ratio = figure.value / other.value
    }

    var isMet: Bool? {
        switch limit {
        case .none: nil
        case .ratio(let limit): ratio.map { $0 <= limit }
        case .figure(let limit): figure.value <= limit.value
        }
    }
}

/// The report, printed line by line as things are measured.
enum Table {
    static func begin(_ effort: Effort) {
        line("Medians on this machine; a ratio is the median over interleaved pairs (A B A B ...).")
        if case .quick = effort { line("Quick mode: fewer repeats, so more noise.") }
        line("")
        line(columns("", "planet-cred", "other", "compared with", "ratio", "limit", ""))
    }

    static func add(_ row: Row) {
        let limit =
            switch row.limit {
            case .none: ""
            case .ratio(let limit): fixed(limit, 2) + " x"
            case .figure(let limit): limit.text
            }
        line(
            columns(
                row.what, row.figure.text, row.other?.text ?? "", row.otherName,
                row.ratio.map { fixed($0, $0 < 0.1 ? 3 : 2) + " x" } ?? "", limit,
                row.isMet.map { $0 ? "met" : "NOT MET" } ?? ""))
    }

    /// A line about something that could not be measured here.
    static func skip(_ what: String, _ reason: String) {
        line("\(padded(what, 30))\(reason)")
    }

    private static func columns(
        _ what: String, _ figure: String, _ other: String, _ otherName: String, _ ratio: String,
        _ limit: String, _ verdict: String
    ) -> String {
        padded(what, 30) + padded(figure, -11) + padded(other, -10) + "  " + padded(otherName, 25)
            + padded(ratio, -8) + padded(limit, -9) + "  \(verdict)"
    }

    private static func line(_ text: String) {
        let end = text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex
        // Without a reader there is nobody to tell.
        try? FileHandle.standardOutput.write(contentsOf: Data("\(text[..<end])\n".utf8))
    }

    /// To the left in so many columns, or to the right for a negative width.
    private static func padded(_ text: String, _ width: Int) -> String {
        let padding = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? padding + text : text + padding
    }
}

private func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
}
