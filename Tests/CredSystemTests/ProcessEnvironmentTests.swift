import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing

/// What the environment says, in processes of their own: it belongs to the whole process.
@Suite("Process environment", .inTurn) struct ProcessEnvironmentTests {
    @Test("a variable that is empty counts as missing")
    func value() async {
        await #expect(processExitsWith: .success) {
            setenv("PLANET_CRED_A", "a=b", 1)
            setenv("PLANET_CRED_B", "", 1)
            #expect(ProcessEnvironment.value("PLANET_CRED_A") == "a=b")
            #expect(ProcessEnvironment.value("PLANET_CRED_B") == nil)
            #expect(ProcessEnvironment.value("PLANET_CRED_C") == nil)
            let names = ["PLANET_CRED_C", "PLANET_CRED_B", "PLANET_CRED_A"]
            #expect(ProcessEnvironment.entries(names) == ["PLANET_CRED_A=a=b"])
            #expect(ProcessEnvironment.allEntries.contains("PLANET_CRED_B="))
        }
    }

    @Test("the home folder is the variable's")
    func home() async {
        await #expect(processExitsWith: .success) {
            setenv("HOME", "/some where", 1)
            let home = try ProcessEnvironment.home()
            #expect(home == "/some where")
        }
    }

    @Test(
        "without HOME the home folder is what /etc/passwd says",
        arguments: [Example("unset", nil), Example("empty", "")] as [Example<String?>])
    func passwd(_ example: Example<String?>) async throws {
        await #expect(processExitsWith: .success) { [value = example.given as String?] in
            unsetenv("HOME")
            if let value { setenv("HOME", value, 1) }
            let entry = try #require(getpwuid(getuid()))
            let home = try ProcessEnvironment.home()
            #expect(home == String(cString: entry.pointee.pw_dir))
        }
    }

    @Test(
        "without either there is no home folder, and the reason names the user",
        .enabled(if: geteuid() == 0, "only root can become a user that nobody knows"))
    func homeless() async {
        await #expect(processExitsWith: .success) {
            unsetenv("HOME")
            setuid(54_321)
            let home = try ProcessEnvironment.home()
            #expect(home == nil)
            #expect(ProcessEnvironment.reasonWithoutHome.contains("54321"))
        }
    }
}
