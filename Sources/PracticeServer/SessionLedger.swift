import Synchronization

/// The refresh tokens handed out. Each can be used once; using one again ends its whole family, as
/// a server must that suspects a thief. RFC 9700 §4.14.2
final class SessionLedger: Sendable {
    private struct Entry {
        let permission: Permission
        /// Seconds since 1970; `nil` never ends.
        let expiresAt: Int64?
        var isSpent = false
    }

    private struct Entries {
        var byToken: [String: Entry] = [:]
        var endedFamilies: Set<String> = []
    }

    /// How long a refresh token is good, in seconds; `nil` for ever.
    private let lifetime: Int64?
    private let clock: PracticeClock
    private let entries = Mutex(Entries())

    init(lifetime: Int64?, clock: PracticeClock) {
        self.lifetime = lifetime
        self.clock = clock
    }

    /// The first refresh token of a login.
    func start(_ permission: Permission) -> String {
        entries.withLock { add(permission, to: &$0) }
    }

    /// Spends a refresh token of the client: the next one, or `nil` where it is not good, or not
    /// good any more.
    func rotate(_ token: String, of client: String) -> String? {
        entries.withLock { entries in
            guard let entry = entries.byToken[token], entry.permission.client == client else {
                return nil
            }
            guard isCurrent(entry, in: entries) else {
                entries.endedFamilies.insert(entry.permission.family)
                return nil
            }
            entries.byToken[token]?.isSpent = true
            return add(entry.permission, to: &entries)
        }
    }

    /// What a refresh token stands for, spent or not.
    func permission(of token: String) -> Permission? {
        entries.withLock { $0.byToken[token]?.permission }
    }

    func isCurrent(_ token: String) -> Bool {
        entries.withLock { entries in
            entries.byToken[token].map { isCurrent($0, in: entries) } ?? false
        }
    }

    /// Ends all refresh tokens of a family, also those that are still to come.
    func end(_ family: String) { entries.withLock { _ = $0.endedFamilies.insert(family) } }

    /// How many refresh tokens would be accepted now.
    var currentCount: Int {
        entries.withLock { entries in
            entries.byToken.values.count { isCurrent($0, in: entries) }
        }
    }

    private func isCurrent(_ entry: Entry, in entries: Entries) -> Bool {
        guard !entry.isSpent, !entries.endedFamilies.contains(entry.permission.family) else {
            return false
        }
        return entry.expiresAt.map { clock.now < $0 } ?? true
    }

    private func add(_ permission: Permission, to entries: inout Entries) -> String {
        let token = "rt-" + TokenLedger.randomText()
        entries.byToken[token] = Entry(
            permission: permission, expiresAt: lifetime.map { clock.now + $0 })
        return token
    }
}
