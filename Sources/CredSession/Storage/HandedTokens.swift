import CredCore
import CredSystem

/// Which caller was given which token: the lines of `token.callers`. If a caller comes back, a
/// server has refused its token.
///
/// A line has the time in seconds since 1970, the name of the caller, the fingerprint of the token
/// and the occasion. Only `--hook` and `--rejected` write it; the token itself is not in it.
struct HandedTokens: Sendable {
    private let files: TokenFiles
    private let entries: [Entry]

    /// Reads the lines. Before the token file is read: the lines about a token go when the next one
    /// has been saved, and a caller that found the old token without them would count as new.
    init(_ files: TokenFiles) {
        self.files = files
        entries = files.folders.filter { $0.isOurs }
            .flatMap { SharedLines.read($0.callers) }.compactMap(Entry.init)
    }

    /// Why a caller was given a token.
    enum Occasion: String, Sendable {
        /// `--hook`
        case hook
        /// `--hook`, in place of one that was refused.
        case hookAgain = "hook-again"
        /// `--rejected`
        case rejected
    }

    /// How long it is remembered that a hook was given a token, in seconds. A program that asks
    /// again later is only starting something new.
    static let hookMemory: Seconds = 60
    /// How long a new token does not count as refused if its caller has threads, in seconds: they
    /// all report the same refused token, one after the other.
    static let threadGrace: Seconds = 2

    private struct Entry {
        let time: UnixTime
        let caller: String
        let token: String
        let occasion: Occasion

        init(time: UnixTime, caller: String, token: String, _ occasion: Occasion) {
            (self.time, self.caller, self.token) = (time, caller, token)
            self.occasion = occasion
        }

        init?(_ line: String) {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 4, let time = Int64(digits: words[0].utf8),
                let occasion = Occasion(rawValue: words[3])
            else { return nil }
            self.init(time: UnixTime(time), caller: words[1], token: words[2], occasion)
        }

        var line: String { "\(time.seconds) \(caller) \(token) \(occasion.rawValue)" }

        func isOf(_ caller: CallingProcess) -> Bool {
            self.caller == caller.name || self.caller == caller.ownName
        }
    }

    /// Whether the caller was given this token and, as it comes back, says that it was refused.
    func isRefused(_ token: String, by caller: CallingProcess, _ occasion: Occasion) -> Bool {
        let now = files.world.clock.now()
        return entries.contains { entry in
            guard entry.token == token, entry.isOf(caller) else { return false }
            let age = now - entry.time
            if caller.hasThreads, entry.occasion != .hook, age < Self.threadGrace { return false }
            switch occasion {
            case .hook, .hookAgain: return age <= Self.hookMemory
            case .rejected: return true
            }
        }
    }

    /// Remembers that the caller is given this token.
    func add(_ token: String, to caller: CallingProcess, _ occasion: Occasion) {
        let now = files.world.clock.now()
        let new = Entry(time: now, caller: caller.name, token: token, occasion)
        for folder in files.folders {
            // The error is ignored: where nothing can be written the caller gets the same token
            // again.
            guard (try? folder.make()) != nil else { continue }
            if SharedLines.update(folder.callers, { Self.lines($0, adding: new, at: now) }) {
                return
            }
        }
    }

    /// The lines that still matter and a new one; `nil` if that is there already.
    private static func lines(_ old: [String], adding new: Entry, at now: UnixTime) -> [String]? {
        let kept = old.compactMap(Entry.init).filter { entry in
            // Once another token is handed out, the one before it does not matter any more.
            guard entry.token == new.token, entry.time <= now else { return false }
            return entry.occasion == .rejected || now - entry.time <= hookMemory
        }
        // The older entry counts: it says how long the caller has had the token.
        guard !kept.contains(where: { $0.caller == new.caller }) else { return nil }
        return (kept.suffix(mostEntries - 1) + [new]).map { $0.line }
    }

    /// The maximum number of callers that are remembered; each takes 60 bytes.
    private static let mostEntries = 4096
}
