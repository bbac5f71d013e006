import CLinux

/// A limit of this process that the programs it starts inherit, setrlimit(2).
struct ResourceLimit {
    private let resource: __rlimit_resource_t

    static let fileSize = ResourceLimit(
        resource: __rlimit_resource_t(UInt32(linux_limit_file_size)))
    static let coreDump = ResourceLimit(
        resource: __rlimit_resource_t(UInt32(linux_limit_core_dump)))

    /// The size of a core dump, in bytes, with which there is none. Less than a page is not written to
    /// a file, and exactly 1 is what the kernel also takes as none where it gives dumps to a program
    /// such as systemd-coredump or apport; 0 does not count there. core(5).
    static let noCoreDump = 1

    /// Runs `body` with the limit lowered, and restores it.
    func lowered<Result>(to value: Int, _ body: () -> Result) -> Result {
        var old = rlimit()
        guard getrlimit(resource, &old) == 0 else { return body() }
        var new = rlimit(rlim_cur: min(rlim_t(value), old.rlim_cur), rlim_max: old.rlim_max)
        setrlimit(resource, &new)
        defer { setrlimit(resource, &old) }
        return body()
    }
}
