import PracticeServer
import TestSupport
import Testing
import Workbench

/// The memory of the programs that planet-cred starts contains secrets.
@Suite("Limits of child programs", .inTurn) struct ChildLimitTests {
    private static let curl =
        "#!/bin/sh\nulimit -c >>~/core\nulimit -f >>~/file\nexec /usr/bin/env -i PATH=/usr/bin:/bin curl \"$@\"\n"

    @Test("no program may dump core, but a command of exec keeps its limits")
    func coreDumps() async throws {
        let session = try PersonalSession()
        try await session.home.writeProgram("wrapper", Self.curl)
        let answer = try await session.shell(
            """
            ulimit -c 5000
            PLANET_CRED_CURL=wrapper planet-cred exec -- bash -c 'ulimit -c; ulimit -f'
            """)
        #expect(answer == Outcome("5000\nunlimited\n"))
        #expect(try session.home.read(session.home.absolute("core")) == "0\n")
    }

    @Test("a lower limit of the user stays")
    func lowerLimit() async throws {
        let session = try PersonalSession()
        try await session.home.writeProgram("wrapper", Self.curl)
        _ = try await session.shell("ulimit -f 100; PLANET_CRED_CURL=wrapper planet-cred token")
        #expect(try session.home.read(session.home.absolute("file")) == "200\n")
        #expect(try session.isAlive())
    }
}
