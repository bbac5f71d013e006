package import CredCore

/// The layout of a report: a table for people, or JSON for programs.
package enum ReportLayout: Hashable, Sendable {
    case table, json

    /// - Parameters:
    ///   - rows: what the table says.
    ///   - object: the same for programs.
    func text(
        rows: @autoclosure () -> [ReportRow], object: @autoclosure () -> JSONObject,
        on page: ReportPage = .plain
    ) -> String {
        switch self {
        case .table: LabelledRows.text(rows(), on: page)
        case .json: JSONValue.object(object()).text(.indented) + "\n"
        }
    }
}

/// A table of two columns for a terminal.
enum LabelledRows {
    static func text(_ rows: [(String, String)], on page: ReportPage = .plain) -> String {
        text(rows.map { ReportRow($0.0, $0.1) }, on: page)
    }

    /// The table. Labels and values are made printable, so that each row is one line. On a page
    /// with a limited width, long values are wrapped within their column.
    static func text(_ rows: [ReportRow], on page: ReportPage) -> String {
        let longest = rows.map { $0.label.printable.columnCount }.max() ?? 0
        let indent = String(repeating: " ", count: longest + gap)
        return rows.map { row in
            let width =
                row.isCommand ? nil : page.columnCount.map { max($0 - longest - gap, least) }
            let value = row.value.printable
            let lines = width.map { value.wrapped(toColumns: $0) } ?? [value]
            let shown = lines.map { page.coloured($0, row.emphasis) }.joined(
                separator: "\n\(indent)")
            let start = row.label.printable.padded(toColumns: longest + gap)
            return "\(start)\(shown)\n"
        }.joined()
    }

    /// The spaces between the columns.
    private static let gap = 2

    /// The minimum width of values, for terminals that are hardly wider than the labels.
    private static let least = 16
}

extension Failure {
    /// The message, with one line for each part.
    package var text: String {
        var text = "planet-cred: error: \(what)\n"
        if let because { text += "planet-cred: because: \(because)\n" }
        if let remedy { text += "planet-cred: try: \(remedy)\n" }
        return text
    }
}
