import Foundation
import Glibc

/// Running commands as a user for whom permissions count: root may write everywhere.
extension ScratchHome {
    /// Gives the whole scratch folder to `nobody`, and lets them reach it.
    package func giveToNobody() throws {
        guard geteuid() == 0 else { return }
        let nobody: uid_t = 65534
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        for name in [""] + names { try check("lchown", lchown("\(root)/\(name)", nobody, nobody)) }
    }

    /// Runs a script with bash as `nobody`; as ourselves where we are not root.
    package func shellAsNobody(_ script: String, with variables: [String: String] = [:])
        async throws -> Outcome
    {
        guard geteuid() == 0 else { return try await shell(script, with: variables) }
        let options = ["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", script]
        return try await command("setpriv", options, with: variables).run()
    }
}
