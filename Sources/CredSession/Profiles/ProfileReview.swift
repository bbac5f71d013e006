import CredCore
import CredSystem

/// What is wrong with the configuration of a profile although it can be used. Costs system calls,
/// so it is not used while a cached token is fresh.
package struct ProfileReview: Sendable {
    private let choice: ProfileChoice
    private let locations: Locations

    package init(_ choice: ProfileChoice, _ locations: Locations) {
        self.choice = choice
        self.locations = locations
    }

    /// Everything, one clause for each.
    package var findings: [String] { mistakes + [choice.looseness].compactMap { $0 } + order }

    /// The members that are misspelt or in the wrong place, with the name of the file.
    package var mistakes: [String] {
        guard let path = file, case .content(let content) = File.read(path, .anyFile),
            // The error is ignored: the profile has been read before, and this only explains it.
            let object = (try? JSONValue(parsing: content.bytes))?.object
        else { return [] }
        return ProfileMembers.mistakes(in: object).map { "in '\(path)': \($0)" }
    }

    /// Where Planet's tools read another file than we do. They take an encrypted file before the
    /// plain one of the same folder; this version reads no encrypted ones.
    var order: [String] {
        guard choice.isNamed, choice.storage == .saved else { return [] }
        let folder = locations.folder(choice.profile.name)
        let pairs = [
            choice.path.map { (folder.encryptedConfiguration, $0) },
            (folder.encryptedToken, folder.token),
        ]
        return pairs.compactMap { $0 }.filter { File.exists($0.0) }.map { encrypted, plain in
            "'\(encrypted)' comes first, as in Planet's tools, but this version cannot read it and "
                + "uses '\(plain)'; try: sops -d \(encrypted.shellQuoted) | diff - \(plain.shellQuoted)"
        }
    }

    /// The profile's own file; that of `~/.planet.json` is not one.
    private var file: String? {
        switch choice.source {
        case .settingsClient, .settingsKey, .environmentClient, .environmentKey, .standardInput: nil
        case .option, .file, .environmentFile, .environmentProfile, .settingsProfile, .host,
            .builtIn:
            choice.path
        }
    }
}

extension ProfileContext {
    /// Warns of what is wrong with the files of a profile whose credential is about to be used.
    /// Each warning is shown once for each profile, and never if nobody would see it.
    func warnOfConfiguration() {
        guard world.voice.isHeard else { return }
        choice.looseness.map(noticeOnce)
        for warning in ProfileReview(choice, locations).order { noticeOnce(warning) }
    }

    /// Shows a warning if it has not been shown for this profile before. Where that cannot be
    /// remembered it is not shown at all, as a job would repeat it thousands of times.
    func noticeOnce(_ text: String) {
        guard world.voice.isHeard else { return }
        if choice.storage == .saved {
            let folder = locations.folder(profile)
            // The error is ignored: a warning that cannot be remembered is not shown.
            guard (try? folder.make()) != nil, File.create(folder.told(text)) else { return }
        }
        world.voice.notice(text)
    }
}
