package import CredCore
import CredSystem

/// Where a report is shown, which decides its width, its colours and the time zone of its times.
package struct ReportPage: Sendable {
    /// `nil` if lines may have any length.
    let columnCount: Int?
    let hasColour: Bool
    /// How far its times are ahead of UTC at a moment, in seconds; `nil` for UTC.
    private let offset: (@Sendable (UnixTime) -> Seconds)?

    /// A terminal.
    package init(
        columnCount: Int, hasColour: Bool, offset: @escaping @Sendable (UnixTime) -> Seconds
    ) {
        (self.columnCount, self.hasColour, self.offset) = (columnCount, hasColour, offset)
    }

    /// A page without colours, whose times are in UTC.
    init(columnCount: Int? = nil) {
        (self.columnCount, hasColour, offset) = (columnCount, false, nil)
    }

    /// A pipe or a file, whose readers want whole lines and UTC.
    package static let plain = ReportPage()

    /// Standard output as it is.
    static var current: ReportPage {
        guard let columnCount = StandardStreams.outputColumnCount else { return .plain }
        // https://no-color.org
        let isPlain =
            ProcessEnvironment.value("NO_COLOR") != nil
            || ProcessEnvironment.value("TERM") == "dumb"
        return ReportPage(
            columnCount: columnCount, hasColour: !isPlain, offset: SystemClock.offset)
    }

    /// The moment in the time zone of this page, with the offset of the zone.
    func text(_ time: UnixTime) -> String {
        guard let offset, (UnixTime(0)...UnixTime.lastOfCalendar).contains(time) else {
            return time.rfc3339
        }
        return time.text(offset: offset(time))
    }

    func coloured(_ text: String, _ emphasis: ReportRow.Emphasis) -> String {
        guard hasColour, !text.isEmpty, let code = emphasis.code else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

/// A row of a report.
package struct ReportRow: Sendable {
    let label: String
    let value: String
    var emphasis = Emphasis.none
    /// Whether the value is a command to paste, which a line break would damage.
    var isCommand = false

    init(_ label: String, _ value: String, _ emphasis: Emphasis = .none) {
        self.label = label
        self.value = value
        self.emphasis = emphasis
    }

    init(_ label: String, command: String) {
        self.init(label, command, .needed)
        isCommand = true
    }

    enum Emphasis: Hashable, Sendable {
        case none
        /// Something for a person to do.
        case needed
        case wrong

        /// The colour, as a parameter of SGR, ECMA-48 §8.3.117.
        fileprivate var code: String? {
            switch self {
            case .none: nil
            case .needed: "33"
            case .wrong: "31"
            }
        }
    }
}
