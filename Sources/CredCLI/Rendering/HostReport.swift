package import CredCore
package import CredSession

/// The report of `status --host`: the profile from which git gets a credential, and why it is that
/// one.
package struct HostReport: Sendable {
    let origin: Origin
    let decision: HostDecision
    let page: ReportPage

    package init(origin: Origin, decision: HostDecision, page: ReportPage = .plain) {
        self.origin = origin
        self.decision = decision
        self.page = page
    }

    package func text(_ layout: ReportLayout) -> String {
        layout.text(rows: rows, object: object, on: page)
    }

    private var rows: [ReportRow] {
        var rows = [ReportRow("host", origin.authority)]
        if let chosen = decision.chosen {
            rows.append(ReportRow("profile", chosen.profile.name.description))
            rows.append(ReportRow("chosen by", chosen.source.description))
        } else {
            rows.append(ReportRow("profile", "none: git gets no credential", .needed))
        }
        for examined in decision.examined {
            guard let reason = examined.finding.reasonAgainst else { continue }
            rows.append(
                ReportRow("not used", "\(examined.name): \(reason)", examined.finding.emphasis))
        }
        return rows
    }

    private var object: JSONObject {
        var object: JSONObject = ["host": .string(origin.authority)]
        object["profile"] = .null
        if let chosen = decision.chosen {
            object["profile"] = .string(chosen.profile.name.description)
            object["chosen_by"] = .string(chosen.source.description)
        }
        object["not_used"] = .array(
            decision.examined.compactMap { examined -> JSONValue? in
                examined.finding.reasonAgainst.map { reason in
                    .object(["profile": .string(examined.name), "because": .string(reason)])
                }
            })
        return object
    }
}

extension HostDecision.Finding {
    /// Why git gets nothing from the profile, in words; `nil` for the one that answers.
    var reasonAgainst: String? {
        switch self {
        case .chosen: nil
        case .otherHosts(let hosts): "its hosts are \(Self.list(hosts))"
        case .behind(_, let reason): reason
        case .broken(let failure): "cannot be used: \(failure.because ?? failure.what)"
        }
    }

    /// The profile in one clause, for the trace.
    var words: String {
        switch self {
        case .chosen(let hosts), .otherHosts(let hosts): "hosts \(Self.list(hosts))"
        case .behind(let hosts, let reason): "hosts \(Self.list(hosts)); \(reason)"
        case .broken(let failure): "cannot be used: \(failure.because ?? failure.what)"
        }
    }

    fileprivate var emphasis: ReportRow.Emphasis {
        if case .broken = self { .wrong } else { .none }
    }

    private static func list(_ hosts: [HostPattern]) -> String {
        hosts.isEmpty ? "none" : hosts.map { $0.text }.joined(separator: ", ")
    }
}
