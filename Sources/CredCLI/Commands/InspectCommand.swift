package import CredCore
package import CredSession
import CredSystem

/// Shows the contents of the cached token and the server's answer about it.
struct InspectCommand: Sendable {
    let context: CommandContext
    let layout: ReportLayout
    let questions: Set<Inspection.Question>

    /// Fails after the report if the server does not accept the token.
    func run() throws(Failure) {
        let choice = try context.choose()
        let inspection = Inspection(context.profile(choice))
        let inspected = try inspection.run(questions)
        let report = InspectReport(
            profile: choice.profile.name, inspected: inspected, now: context.world.clock.now())
        try StandardStreams.write(Secret(report.text(layout, on: .current)))
        if let answer = inspected.serverAnswer, !answer.isActive { throw inspection.inactive }
    }
}

/// The report of `inspect`: everything about a token except the token itself.
package struct InspectReport: Sendable {
    let profile: ProfileName
    let inspected: InspectedCredential
    let now: UnixTime

    package init(profile: ProfileName, inspected: InspectedCredential, now: UnixTime) {
        self.profile = profile
        self.inspected = inspected
        self.now = now
    }

    package func text(_ layout: ReportLayout, on page: ReportPage = .plain) -> String {
        layout.text(rows: rows.map { ReportRow($0.0, $0.1) }, object: object, on: page)
    }

    /// The current time by the server's clock, to which the claims refer.
    private var serverTime: UnixTime { now + (inspected.clockDifference ?? 0) }

    private var rows: [(String, String)] {
        var rows = [("profile", profile.description), ("cached in", inspected.path)]
        if let difference = inspected.clockDifference {
            rows.append(("clock", difference.asClockDifference))
        }
        rows += Self.rows("access token", inspected.accessToken, serverTime)
        switch inspected.accessToken.format {
        case .jwt: break
        case .opaque: rows += fileRows
        }
        if inspected.isRejected {
            rows.append(("  rejected", "by a server; the next command gets another token"))
        }
        if let token = inspected.idToken { rows += Self.rows("id token", token, serverTime) }
        if let answer = inspected.serverAnswer {
            let word = answer.isActive ? "active" : "not active"
            rows.append(("server says", "\(word) (\(answer.source.rawValue))"))
            rows += Self.rows(answer.members, serverTime)
        }
        return rows
    }

    /// The rows from the token file, for a token that contains no claims.
    private var fileRows: [(String, String)] {
        var rows: [(String, String)] = []
        if let time = inspected.receivedAt { rows.append(("  received", time.words(now))) }
        rows.append(("  expires", inspected.expiresAt?.words(now) ?? "unknown"))
        if let scope = inspected.scope { rows.append(("  scope", scope)) }
        return rows
    }

    private static func rows(
        _ label: String, _ token: InspectedCredential.InspectedToken, _ now: UnixTime
    ) -> [(String, String)] {
        switch token.format {
        case .opaque:
            return [(label, "opaque (only its server can read it), \(token.check.words)")]
        case .jwt(let header, let claims):
            let algorithm = header["alg"]?.string ?? "no algorithm"
            let key = header["kid"]?.string.map { ", key '\($0)'" } ?? ""
            return [(label, "JWT, \(algorithm)\(key), \(token.check.words)")] + rows(claims, now)
        }
    }

    private static func rows(_ members: JSONObject, _ now: UnixTime) -> [(String, String)] {
        members.members.map { member in
            ("  \(member.name)", text(member.name, member.value, now))
        }
    }

    /// The claims that are times. RFC 7519 §4.1, OpenID Connect Core §2 and §5.1.
    private static let timeNames = ["exp", "iat", "nbf", "auth_time", "updated_at"]

    private static func text(_ name: String, _ value: JSONValue, _ now: UnixTime) -> String {
        if timeNames.contains(name), let time = value.integer.map(UnixTime.init) {
            return time.words(now)
        }
        return value.string ?? value.text(.compact)
    }

    private var object: JSONObject {
        var access = Self.object(inspected.accessToken)
        switch inspected.accessToken.format {
        case .jwt: break
        case .opaque:
            access["received_at"] = inspected.receivedAt.map { .integer($0.seconds) }
            access["scope"] = inspected.scope.map(JSONValue.string)
        }
        access["expires_at"] = inspected.expiresAt.map { .integer($0.seconds) }
        access["rejected"] = .bool(inspected.isRejected)
        var object: JSONObject = ["profile": .string(profile.description)]
        object["access_token"] = .object(access)
        object["clock_difference"] = inspected.clockDifference.map(JSONValue.integer)
        object["id_token"] = inspected.idToken.map { .object(Self.object($0)) }
        object["remote"] = inspected.serverAnswer.map { .object(Self.object($0)) }
        return object
    }

    private static func object(_ token: InspectedCredential.InspectedToken) -> JSONObject {
        switch token.format {
        case .opaque: ["format": .string("opaque"), "verified": .bool(token.check == .verified)]
        case .jwt(let header, let claims):
            [
                "format": .string("jwt"), "verified": .bool(token.check == .verified),
                "header": .object(header), "claims": .object(claims),
            ]
        }
    }

    private static func object(_ answer: ServerAnswer) -> JSONObject {
        let ours = [
            JSONObject.Member("source", .string(answer.source.rawValue)),
            JSONObject.Member("active", .bool(answer.isActive)),
        ]
        // The server's members must not replace ours.
        return JSONObject(lastOfEachName: ours + answer.members.members + ours)
    }
}

extension InspectedCredential.InspectedToken.Check {
    fileprivate var words: String {
        switch self {
        case .notVerified: "not verified"
        case .verified: "verified with the server's keys"
        }
    }
}

extension UnixTime {
    /// The time and its distance from now; a number outside the calendar unchanged.
    fileprivate func words(_ now: UnixTime) -> String {
        guard (UnixTime(0)...UnixTime.lastOfCalendar).contains(self) else { return "\(seconds)" }
        return "\(rfc3339) (\(relative(to: now)))"
    }
}
