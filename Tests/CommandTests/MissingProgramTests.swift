import TestSupport
import Testing
import Workbench

@Suite("Missing programs", .inTurn) struct MissingProgramTests {
    @Test(
        "if curl is not installed, the message says how to install it",
        .enabled(if: MountNamespace.isPermitted, "needs the right to hide the installed one"))
    func curl() async throws {
        let home = try ScratchHome()
        let practice = try Practice()
        let answer = try await practice.home.command(
            "unshare",
            [
                "--mount", "bash", "-c",
                "mount --bind \(home.path) /usr/bin && exec planet-cred token",
            ], with: ["PL_AUTH_PROFILE": "practice"]
        ).run()
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot run curl
                        planet-cred: because: the program 'curl' was not found
                        planet-cred: try: apt-get install curl    # or: apk add curl, dnf install curl

                        """, status: 69))
    }
}
