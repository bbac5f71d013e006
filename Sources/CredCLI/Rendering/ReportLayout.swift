package import CredCore

/// The layout of a report: a table for people, or JSON for programs.
package enum ReportLayout: Hashable, Sendable {
    case table, json

    /// - Parameters:
    ///   - rows: what the table says, a label and a value in each row.
    ///   - object: the same for programs.
    func text(rows: @autoclosure () -> [(String, String)], object: @autoclosure () -> JSONObject)
        -> String
    {
        switch self {
        case .table: LabelledRows.text(rows())
        case .json: JSONValue.object(object()).text(.indented) + "\n"
        }
    }
}

/// A table of two columns for a terminal.
enum LabelledRows {
    /// The table; each row is one line, because labels and values are made printable.
    static func text(_ rows: [(String, String)]) -> String {
        let rows = rows.map { label, value in (label.printable, value.printable) }
        let width = rows.map { $0.0.count }.max() ?? 0
        return rows.map { label, value in
            let padding = String(repeating: " ", count: width - label.count + 2)
            return "\(label)\(padding)\(value)\n"
        }.joined()
    }
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
