import CredCore

/// A table with a heading. On a page with a limited width its cells are wrapped, those of the
/// widest columns first.
struct TextTable: Sendable {
    let heading: [String]
    let rows: [Row]

    struct Row: Sendable {
        /// Marks the row in front of its first cell.
        var isMarked = false
        let cells: [Cell]
    }

    /// A text with its emphasis. In a row with fewer cells than the heading, the last one takes the
    /// rest of the line.
    struct Cell: Sendable {
        let text: String
        var emphasis = ReportRow.Emphasis.none

        init(_ text: String, _ emphasis: ReportRow.Emphasis = .none) {
            self.text = text.printable
            self.emphasis = emphasis
        }
    }

    /// The table; `nil` if the page is too narrow for it without cutting words.
    func text(on page: ReportPage) -> String? {
        guard let widths = widths(on: page) else { return nil }
        return ([Row(cells: heading.map { Cell($0) })] + rows)
            .map { line($0, widths, page) }.joined()
    }

    /// The number of spaces between two columns, and the width of the mark before the first one.
    private static let gap = 2

    /// The width of each column; `nil` if the page is too narrow.
    private func widths(on page: ReportPage) -> [Int]? {
        var widths = heading.map { $0.columnCount }
        // The width of the longest word in each column; words are not cut.
        var least = widths
        for row in rows where row.cells.count == heading.count {
            for (index, cell) in row.cells.enumerated() {
                widths[index] = max(widths[index], cell.text.columnCount)
                let words = cell.text.split(separator: " ").map { String($0).columnCount }
                least[index] = max(least[index], words.max() ?? 0)
            }
        }
        guard let width = page.columnCount else { return widths }
        let room = width - Self.gap * heading.count
        while widths.reduce(0, +) > room {
            let flexible = widths.indices.filter { widths[$0] > least[$0] }
            guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { return nil }
            widths[widest] -= 1
        }
        return widths
    }

    private func line(_ row: Row, _ widths: [Int], _ page: ReportPage) -> String {
        let cells = row.cells.enumerated().map { index, cell in
            guard let width = page.columnCount else { return [cell.text] }
            let isLast = index == row.cells.count - 1
            let before = widths[..<index].reduce(0) { $0 + $1 + Self.gap } + Self.gap
            let limit = isLast ? width - before : widths[index]
            return cell.text.wrapped(toColumns: limit)
        }
        let height = cells.map { $0.count }.max() ?? 0
        return (0..<height).map { number in
            var line = row.isMarked && number == 0 ? "* " : "  "
            // Only spaces would follow the last text of a line.
            let last = cells.lastIndex { number < $0.count && !$0[number].isEmpty } ?? -1
            for index in cells.indices where index <= last {
                let text = number < cells[index].count ? cells[index][number] : ""
                line += page.coloured(text, row.cells[index].emphasis)
                guard index < last else { continue }
                let missing = widths[index] - text.columnCount + Self.gap
                line += String(repeating: " ", count: max(missing, Self.gap))
            }
            return "\(line)\n"
        }.joined()
    }
}
