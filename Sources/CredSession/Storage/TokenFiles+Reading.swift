import CredCore
import CredSystem

/// Reads one token file, and says what is wrong with it.
extension TokenFiles {
    enum Reading {
        case missing
        case record(TokenRecord)
        /// Not a JSON object; the bytes, none if there are too many.
        case broken([UInt8])
        case unreadable(Failure)
    }

    /// Why the token file in a directory cannot be used, although it is ours; `nil` if it can, or
    /// if there is none.
    func damage(in folder: ProfileFolder) -> String? {
        // The error is ignored: a file that is not ours stays where it is.
        switch try? reading(folder, .countAsMissing) {
        case .broken(let bytes): TokenFiles.damage(bytes, folder.token)
        // Any other error may be temporary, and the file valid.
        case .unreadable(let failure):
            File.isUnreadableForItsOwner(folder.token) ? failure.because : nil
        case .missing, .record, nil: nil
        }
    }

    /// What is wrong with a token file that is not a JSON object, in words.
    fileprivate static func damage(_ bytes: [UInt8], _ path: String) -> String {
        guard bytes.isEmpty else { return "it is not a JSON object" }
        return File.isLarger(path, than: 0) ? "it is larger than 1 MiB" : "it is empty"
    }

    /// Reads a token file; a truncated one is read again for a while, because the Python tools
    /// truncate the file and then write it. Fails with kind `.failed` for a file that is not ours.
    func reading(_ folder: ProfileFolder, _ brokenFiles: BrokenFiles) throws(Failure)
        -> Reading
    {
        let path = folder.token
        let deadline = world.clock.uptime() + brokenFiles.timeout
        while true {
            switch File.read(path, .ownFile) {
            case .missing: return .missing
            case .refused(let reason):
                if let owner = File.foreignOwner(of: path) {
                    throw .foreignTokenFile(path, owner, context.choice)
                }
                throw .unusableTokenFile(path, reason)
            case .unreadable where File.isLarger(path, than: JSONValue.maximumByteCount):
                return .broken([])
            case .unreadable(let reason): return .unreadable(.unreadableTokenFile(path, reason))
            case .content(let content):
                // Not a JSON object: incomplete or broken.
                guard let members = try? JSONValue(parsing: content.bytes).object else {
                    guard world.clock.uptime() < deadline else { return .broken(content.bytes) }
                    world.clock.sleep(5)
                    continue
                }
                var record = TokenRecord(
                    members, modifiedAt: content.modifiedAt, binding: binding, path: path,
                    owner: { context.owner })
                record.isReadableByOthers = content.isReadableByOthers
                return .record(record)
            }
        }
    }
}

extension Failure {
    /// The error for a file that cannot be read; its token may still be valid.
    fileprivate static func unreadableTokenFile(_ path: String, _ reason: String) -> Failure {
        let command = File.isUnreadableForItsOwner(path) ? "chmod 600" : "ls -l"
        return Failure(
            .failed, "cannot read '\(path)'", because: reason,
            remedy: "\(command) \(path.shellQuoted)")
    }

    /// The error for a file in which no login can be found any more.
    static func brokenTokenFile(
        _ path: String, _ bytes: [UInt8], _ choice: ProfileChoice
    )
        -> Failure
    {
        Failure(
            .loginRequired, "cannot use '\(path)'", because: TokenFiles.damage(bytes, path),
            remedy: choice.loginCommand)
    }

    fileprivate static func unusableTokenFile(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot use '\(path)'", because: reason,
            remedy: "mv -i \(path.shellQuoted) \(ProfileFolder.freePlace(beside: path).shellQuoted)"
        )
    }

    /// A file of another user, which is not ours to move.
    fileprivate static func foreignTokenFile(
        _ path: String, _ owner: ForeignOwner, _ choice: ProfileChoice
    ) -> Failure {
        Failure(
            .failed, "cannot use '\(path)'", because: owner.reason,
            remedy: owner.remedy(for: path, choice.command("token") ?? "planet-cred status"))
    }
}
