import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

/// Two processes that both believe they hold the lock: one of them sends the refresh token, and the
/// other gets the same new token.
@Suite("Two holders of one lock", .inTurn) struct TwoHolderTests {
    /// What differs between the two, or happens between them.
    struct Trial: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var first: [String: String] = [:]
        var second: [String: String] = [:]
        /// A script that runs while the first one waits for the answer.
        var meanwhile = ":"

        init(
            _ name: String, first: [String: String] = [:], second: [String: String] = [:],
            meanwhile: String = ":"
        ) {
            (testDescription, self.first, self.second) = (name, first, second)
            self.meanwhile = meanwhile
        }
    }

    private static let locks = ["PLANET_CRED_LOCK_DIR": "$HOME/locks"]
    private static let restored = """
        cp -a person copy; rm copy/token.answer.*; mv person gone; mv copy person
        """

    @Test(
        "the refresh token is sent once, and the login survives",
        arguments: [
            Trial("the usual case"),
            Trial("a folder for locks for the first one alone", first: locks),
            Trial("a folder for locks for the second one alone", second: locks),
            Trial(
                "a home folder with a slash at its end", first: locks,
                second: locks.merging(["HOME": "$HOME/"]) { $1 }),
            Trial(
                "a home folder that is reached by a link", first: locks,
                second: locks.merging(["HOME": "$HOME/link"]) { $1 }),
            Trial("the lock file removed", meanwhile: "rm token.lock"),
            Trial("both lock files removed", meanwhile: "rm token.lock token.lock.range"),
            Trial("the lock file replaced", meanwhile: "cp token.lock x; mv x token.lock"),
            Trial(
                "the lock files of a folder for locks removed", first: locks, second: locks,
                meanwhile: "rm ~/locks/* token.lock*"),
            Trial("the folder put back from a copy", meanwhile: "cd ..; \(restored)"),
            Trial(
                "the folder removed and put back",
                meanwhile: "cd ..; cp -a person copy; rm -r person copy/token.[!j]*; mv copy person"
            ),
            Trial(
                "the folder of all profiles put back",
                meanwhile:
                    "cd; cp -a .planet copy; rm -r .planet copy/*/token.[!j]*; mv copy .planet"
            ),
            Trial("the journal removed", meanwhile: "rm token.lock token.answer.*"),
        ])
    func twoHolders(_ trial: Trial) async throws {
        let session = try PersonalSession()
        _ = try await session.home.shell("ln -s . ~/link")
        try await session.race(
            first: trial.first, second: trial.second, meanwhile: trial.meanwhile)
    }

    /// How a file system may treat locks; strace imitates it for one of the two processes.
    @Test(
        "the refresh token is sent once, whatever the file system does with locks",
        arguments: [
            Row("flock within one host only", "flock:retval=0", 0),
            Row("no flock", "flock:error=ENOSYS", 0),
            Row("another error", "flock:error=524", 0),
            Row("no locks of byte ranges", "fcntl:error=EINVAL", 0),
            Row("neither lock between hosts", "flock,fcntl:retval=0", 0),
        ] as [Row<String, Int>])
    func fileSystems(_ row: Row<String, Int>) async throws {
        let session = try PersonalSession()
        try await session.race(injection: row.given)
    }

    @Test("without any lock nothing is sent, and the remedy asks for a shared directory")
    func noLock() async throws {
        let session = try PersonalSession()
        let answer = try await session.shell(
            "strace -o /dev/null -e inject=flock,fcntl:error=ENOLCK planet-cred token")
        #expect(answer.end == .exited(1))
        #expect(answer.errors.contains("says 'No locks available'"))
        #expect(answer.errors.contains("on a file system that they share"))
        #expect(session.server.requestCount("/token") == 0)
    }
}

/// Two mounts of one home folder, as two hosts have them.
@Suite("Two mounts of one home", .inTurn) struct TwoMountTests {
    /// How a folder is mounted.
    enum Mount: String, Sendable {
        /// Its locks hold within one mount only.
        case sshfs = #"sshfs -o ssh_command="$3" host:"$1" "$2""#
        case bindfs = #"bindfs "$1" "$2""#
    }

    @Test(
        "one process refreshes, the other gets its token, and the user is warned once",
        arguments: [Mount.sshfs, .bindfs])
    func mounts(_ mount: Mount) async throws {
        let session = try PersonalSession()
        try await session.home.writeProgram(
            "sftp", "#!/bin/sh\nexec /usr/lib/openssh/sftp-server\n")
        let folders = ["one", "two"].map { "\(session.home.root)/\($0)" }
        for folder in folders {
            let outcome = try await session.home.shell(
                "mkdir \"$2\"; \(mount.rawValue)", session.home.path, folder,
                "\(session.home.root)/bin/sftp")
            #expect(outcome.end == .exited(0))
        }
        let errors = try await session.race(
            first: ["HOME": folders[0]], second: ["HOME": folders[1]])
        let checks = try await session.checkLocks(folders)
        let unmounted = try await session.home.shell(
            #"umount "$1" && umount "$2""#, folders[0], folders[1])
        #expect(unmounted.end == .exited(0))
        #expect(checks.map(\.end) == [.exited(1), .exited(1)])
        #expect(checks.allSatisfy { $0.text.contains("\nlocks        NOT shared\n") })
        #expect(errors.split(separator: "\n").count == 1)
        #expect(errors.contains("try: planet-cred doctor --locks"))
    }
}

/// `doctor --locks`
@Suite("The check of locks", .inTurn) struct LockCheckTests {
    @Test("two processes on one host say nothing about others, and remove their meeting file")
    func sameHost() async throws {
        let session = try PersonalSession()
        let checks = try await session.checkLocks([session.home.path, session.home.path])
        #expect(checks.map(\.end) == [.exited(75), .exited(75)])
        #expect(checks.allSatisfy { $0.errors.contains("both processes were on host") })
        let left = try await session.shell("ls ~/.planet/person | grep locks.check")
        #expect(left.lines == ["locks.check.lock", "locks.check.lock.range"])
    }
}

extension PersonalSession {
    /// Starts `doctor --locks` once with each of two home folders.
    fileprivate func checkLocks(_ folders: [String]) async throws -> [Outcome] {
        let commands = try folders.map {
            try command(["doctor", "--locks"], with: ["HOME": $0]).start()
        }
        var outcomes: [Outcome] = []
        for command in commands { outcomes.append(await command.outcome()) }
        return outcomes
    }

    /// Starts `planet-cred token`; while it waits for the answer something happens, and then a
    /// second one starts. Once that waits, the answer comes.
    ///
    /// - Parameter second: what strace injects into the calls of the second one.
    /// - Returns: what the two say on standard error.
    @discardableResult
    fileprivate func race(
        first: [String: String] = [:], second: [String: String] = [:],
        injection: String? = nil, meanwhile: String = ":"
    ) async throws -> String {
        let hold = PracticeServer.Hold()
        server.faults = [.held(hold, path: "/token", times: 1)]
        let one = try start(first, nil, trace: "one")
        try await untilRequested()
        _ = try await shell("cd ~/.planet/person; \(meanwhile)")
        let two = try start(second, injection, trace: "two")
        try await Condition.wait(for: "the second one") {
            let trace = (try? home.read("\(home.root)/two.trace")) ?? ""
            return two.hasEnded || trace.contains("held by") || trace.contains("claimed by")
        }
        hold.release()
        let (answer, other) = await (one.outcome(), two.outcome())
        let token = server.issuedTokens.last ?? ""
        #expect(answer.end == .exited(0), "\(answer.errors)")
        #expect(other.end == .exited(0), "\(other.errors)")
        #expect(answer.text == token + "\n")
        #expect(other.text == token + "\n")
        #expect(server.requestCount("/token") == 1)
        #expect(try isAlive())
        return answer.errors + other.errors
    }

    private func start(_ variables: [String: String], _ injection: String?, trace: String) throws
        -> RunningCommand
    {
        let values = variables.mapValues {
            $0.replacing("$HOME", with: home.path)
        }.merging(["PLANET_CRED_TRACE": "\(home.root)/\(trace).trace"]) { $1 }
        guard let injection else { return try command(["token"], with: values).start() }
        var command = home.command(
            "strace",
            ["-o", "/dev/null", "-e", "inject=\(injection)", home.program.path, "token"],
            with: values.merging(["PL_AUTH_PROFILE": "person"]) { $1 })
        command.needs.append(server)
        return try command.start()
    }
}
