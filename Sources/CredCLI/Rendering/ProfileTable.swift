package import CredCore
package import CredSession

/// The report of `status --all`: a row for each profile.
package struct ProfileTable: Sendable {
    let entries: [Entry]
    let now: UnixTime
    let page: ReportPage

    package struct Entry: Sendable {
        let listed: ListedProfile
        /// `nil` for a profile that cannot be used.
        let status: SessionStatus?

        package init(_ listed: ListedProfile, status: (ProfileChoice) -> SessionStatus) {
            self.listed = listed
            switch listed.reading {
            case .success(let choice): self.status = status(choice)
            case .failure: self.status = nil
            }
        }
    }

    package init(entries: [Entry], now: UnixTime, page: ReportPage = .plain) {
        self.entries = entries
        self.now = now
        self.page = page
    }

    package func text(_ layout: ReportLayout) -> String {
        switch layout {
        case .table: table.text(on: page).map { $0 + Self.legend } ?? blocks
        case .json:
            JSONValue.object(["profiles": .array(entries.map(object))]).text(.indented) + "\n"
        }
    }

    private static let legend = "* is the default\n"
    private static let columns = ["profile", "who", "method", "until", "hosts"]

    /// The profiles one after the other, for a narrow terminal.
    private var blocks: String {
        table.rows.map { row in
            let labels =
                row.cells.count == Self.columns.count ? Self.columns : ["profile", "error"]
            let rows = zip(labels, row.cells).map { label, cell in
                ReportRow(label, cell.text, cell.emphasis)
            }
            let mark = row.isMarked ? [ReportRow("default", "yes")] : []
            return LabelledRows.text(rows + mark, on: page)
        }.joined(separator: "\n")
    }

    private var table: TextTable {
        TextTable(
            heading: Self.columns.map { $0.uppercased() },
            rows: entries.map { entry in
                let name = TextTable.Cell(entry.listed.name)
                let cells: [TextTable.Cell]
                switch (entry.listed.reading, entry.status) {
                case (.success(let choice), let status?): cells = self.cells(choice, status)
                case (.failure(let failure), _):
                    cells = [TextTable.Cell(failure.asReason, .wrong)]
                case (.success, nil): cells = []
                }
                return TextTable.Row(isMarked: entry.listed.isDefault, cells: [name] + cells)
            })
    }

    private func cells(_ choice: ProfileChoice, _ status: SessionStatus) -> [TextTable.Cell] {
        let hosts = choice.profile.hosts.map { $0.text }
        let more = hosts.count > 3 ? " and \(hosts.count - 3) more" : ""
        let emphasis = status.needsLogin ? .needed : status.state.emphasis
        return [
            TextTable.Cell(status.who ?? "nobody"),
            TextTable.Cell(choice.profile.method.words),
            TextTable.Cell(until(status), emphasis),
            TextTable.Cell(
                hosts.isEmpty ? "none" : hosts.prefix(3).joined(separator: ", ") + more),
        ]
    }

    /// Until when the credential is valid, or why there is none.
    private func until(_ status: SessionStatus) -> String {
        if status.needsLogin, case .missing = status.state { return "not logged in" }
        let end = status.expiresAt.map { page.text($0) }
        return switch status.state {
        case .notNeeded: "none needed"
        case .missing: status.foreign.map { "not used: \($0)" } ?? "none yet"
        case .apiKey: "no expiry"
        case .valid, .ageing: end ?? "unknown"
        case .expired:
            status.needsLogin ? "expired, not logged in" : "expired, renewed when it is used"
        case .rejected: "rejected by a server"
        case .unusable(let reason): reason
        }
    }

    private func object(_ entry: Entry) -> JSONValue {
        var object: JSONObject = [
            "profile": .string(entry.listed.name), "default": .bool(entry.listed.isDefault),
        ]
        switch entry.listed.reading {
        case .failure(let failure):
            object["error"] = .string(failure.asReason)
            object["try"] = failure.remedy.map(JSONValue.string)
        case .success(let choice):
            guard let status = entry.status else { break }
            let report = StatusReport(choice: choice, hidden: [], status: status, now: now).object
            for member in report.members where member.name != "profile" && member.name != "hides" {
                object[member.name] = member.value
            }
        }
        return .object(object)
    }
}
