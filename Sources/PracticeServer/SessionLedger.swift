import Synchronization

/// The refresh tokens handed out. Each can be used once; using one again ends its whole family, as
/// a server must that suspects a thief. RFC 9700 §4.14.2
final class SessionLedger: Sendable {
    struct Session {
        let client: String
        let scope: String?
    }

    private struct Entry {
        let family: Int
        let session: Session
        var isSpent = false
    }

    private struct Entries {
        var byToken: [String: Entry] = [:]
        var endedFamilies: Set<Int> = []
        var familyCount = 0
    }

    private let entries = Mutex(Entries())

    /// The first refresh token of a new family.
    func start(of client: String, scope: String?) -> String {
        entries.withLock { entries in
            entries.familyCount += 1
            return Self.add(
                Entry(
                    family: entries.familyCount, session: Session(client: client, scope: scope)),
                to: &entries)
        }
    }

    /// Spends a refresh token of the client: its session and the next token, or `nil` where it is
    /// not good, or not good any more.
    func rotate(_ token: String, of client: String) -> (session: Session, next: String)? {
        entries.withLock { entries in
            guard let entry = entries.byToken[token], entry.session.client == client else {
                return nil
            }
            guard !entry.isSpent, !entries.endedFamilies.contains(entry.family) else {
                entries.endedFamilies.insert(entry.family)
                return nil
            }
            entries.byToken[token]?.isSpent = true
            let next = Self.add(
                Entry(family: entry.family, session: entry.session), to: &entries)
            return (entry.session, next)
        }
    }

    /// The session of a refresh token, without spending it.
    func session(_ token: String, of client: String) -> Session? {
        entries.withLock { entries in
            guard let entry = entries.byToken[token], entry.session.client == client,
                !entries.endedFamilies.contains(entry.family)
            else { return nil }
            return entry.session
        }
    }

    func isCurrent(_ token: String) -> Bool {
        entries.withLock { entries in
            guard let entry = entries.byToken[token] else { return false }
            return !entry.isSpent && !entries.endedFamilies.contains(entry.family)
        }
    }

    private static func add(_ entry: Entry, to entries: inout Entries) -> String {
        let token = "rt-" + TokenLedger.randomText()
        entries.byToken[token] = entry
        return token
    }
}
