import Glibc

// Calls that glibc has and Swift's module of it does not show.

@_silgen_name("memfd_create")
func systemMemfdCreate(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> Int32

@_silgen_name("prctl")
private func systemPrctl(
    _ option: Int32, _ first: UInt, _ second: UInt, _ third: UInt, _ fourth: UInt
) -> Int32

@_silgen_name("posix_spawn_file_actions_addchdir_np")
func systemSpawnChangeFolder(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
) -> Int32

/// Makes children whose parent has ended children of this process. prctl(2)
package func adoptOrphans(_ yes: Bool) throws(Problem) {
    let setChildSubreaper: Int32 = 36
    guard systemPrctl(setChildSubreaper, yes ? 1 : 0, 0, 0, 0) == 0 else {
        throw .system("prctl(PR_SET_CHILD_SUBREAPER)", errno)
    }
}
