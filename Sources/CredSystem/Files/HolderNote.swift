import CLinux
package import CredCore

/// Where a process sees a file, as far as locks are concerned. Processes in the same place see each
/// other's locks, whatever the file system does between hosts, because one kernel manages them.
package struct LockPlace: Hashable, Sendable {
    package let host: String
    /// Differs between hosts, and between two starts of one host; empty if it is not known.
    package let boot: String
    /// Differs between two mounts of one directory, whose locks need not be the same.
    package let device: UInt64

    package init(host: String, boot: String, device: UInt64) {
        self.host = host
        self.boot = boot
        self.device = device
    }

    init(ofFile number: Int32) {
        var (name, status) = (utsname(), stat())
        uname(&name)
        fstat(number, &status)
        host = withUnsafeBytes(of: &name.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        device = UInt64(status.st_dev)
        boot = Self.bootIdentifier
    }

    /// Differs between two starts of a machine; empty if it is not known.
    static var bootIdentifier: String {
        switch File.read("/proc/sys/kernel/random/boot_id", .anyFile) {
        case .content(let content):
            String(decoding: content.bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        case .missing, .unreadable, .refused: ""
        }
    }

    /// Whether a process at this place and one at the other see each other's locks for certain.
    package func isSame(as other: LockPlace) -> Bool {
        !boot.isEmpty && boot == other.boot && device == other.device
    }
}

/// What the holder of a lock, or of a claim, writes into its file: who it is, and how long it may
/// take.
package struct HolderNote: Hashable, Sendable {
    package let process: Int32
    package let place: LockPlace
    package let since: UnixTime
    package let until: UnixTime
    /// `renewing the token of profile 'farm'`
    package let purpose: String

    package init(
        _ place: LockPlace, since: UnixTime, until: UnixTime, purpose: String
    ) {
        process = Platform.processID
        self.place = place
        self.since = since
        self.until = until
        self.purpose = purpose
    }

    /// How long the holder may take, in seconds; independent of the clocks of two hosts.
    package var duration: Seconds { until - since }

    /// The holder in one clause, for messages.
    package func description(at place: LockPlace) -> String {
        let host = self.place.host == place.host ? "" : " on host '\(self.place.host)'"
        return "process \(process)\(host), since \(since.rfc3339), \(purpose)"
    }
}

/// A process that holds a lock or a claim, as far as its note tells.
package struct LockHolder: Hashable, Sendable {
    package let note: HolderNote?
    /// The file as this process sees it.
    private let place: LockPlace

    init(_ note: HolderNote?, seenAt place: LockPlace) {
        self.note = note
        self.place = place
    }

    /// Whether its process is still running, as far as this process can see it.
    var isRunning: Bool { note.map { Platform.runsThisProgram($0.process) } ?? false }

    /// Whether it sees the file through another mount or on another host, whose locks may be
    /// others.
    package var isElsewhere: Bool { note.map { !$0.place.isSame(as: place) } ?? false }

    package var description: String { note?.description(at: place) ?? "an unknown process" }
}

extension HolderNote {
    /// The length of a note in its file, in bytes; a shorter one is padded with spaces. Truncating
    /// the file instead makes some file systems write it to disk at once, which takes a millisecond
    /// for every renewal.
    package static let byteCount = 512

    /// Reads what `text` wrote; `nil` for anything else.
    package init?(_ text: String) {
        // The error is ignored: any other text is not a note.
        guard let object = try? JSONValue(parsing: Array(text.utf8)).object,
            let process = object["process"]?.integer, let host = object["host"]?.string,
            let boot = object["boot"]?.string, let device = object["device"]?.integer,
            let since = object["since"]?.integer, let until = object["until"]?.integer
        else { return nil }
        self.process = Int32(truncatingIfNeeded: process)
        place = LockPlace(host: host, boot: boot, device: UInt64(bitPattern: device))
        self.since = UnixTime(since)
        self.until = UnixTime(until)
        purpose = object["purpose"]?.string ?? ""
    }

    /// The note as it is written to the file. A purpose that does not fit is left out.
    package var text: String {
        let text = text(purpose)
        return text.utf8.count < Self.byteCount ? text : self.text("")
    }

    private func text(_ purpose: String) -> String {
        let object: JSONObject = [
            "process": .integer(Int64(process)),
            "host": .string(place.host),
            "since": .integer(since.seconds),
            "until": .integer(until.seconds),
            "boot": .string(place.boot),
            "device": .integer(Int64(bitPattern: place.device)),
            "purpose": .string(purpose),
        ]
        return JSONValue.object(object).text(.compact)
    }

    /// Writes a note to the start of a file; does not move the position in it.
    static func write(_ text: String, to number: Int32) {
        var bytes = Array(text.utf8.prefix(byteCount - 1))
        bytes += Array(repeating: UInt8(ascii: " "), count: byteCount - 1 - bytes.count) + [0x0A]
        // The error is ignored: a note is for others, and this process works without it.
        _ = retrying { pwrite(number, bytes, bytes.count, 0) }
    }

    /// The note at the start of an open file; empty if there is none.
    static func read(_ number: Int32) -> String {
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            count = max(retrying { pread(number, buffer.baseAddress, byteCount, 0) }, 0)
        }
        return text(atStartOf: bytes)
    }

    /// The note at the start of a file; empty if there is none.
    static func read(_ path: String) -> String {
        guard case .content(let content) = File.read(path, .ownFile) else { return "" }
        return text(atStartOf: content.bytes)
    }

    /// The note at the start of a file's bytes, without its padding.
    package static func text(atStartOf bytes: [UInt8]) -> String {
        let note = bytes.prefix(byteCount)
        let end = note.lastIndex { $0 != UInt8(ascii: " ") && $0 != 0x0A }.map { $0 + 1 } ?? 0
        return String(decoding: note[..<end], as: UTF8.self)
    }
}
