import CLinux

/// A limit of this process that the programs it starts inherit, setrlimit(2).
struct ResourceLimit {
    private let resource: __rlimit_resource_t

    static let fileSize = ResourceLimit(
        resource: __rlimit_resource_t(UInt32(linux_limit_file_size)))
    static let coreDump = ResourceLimit(
        resource: __rlimit_resource_t(UInt32(linux_limit_core_dump)))

    /// The size limit that prevents core dumps, in bytes. Less than a page is not written to a
    /// file, and only the value 1 also stops the kernel from piping a dump to a program such as
    /// systemd-coredump or apport; 0 does not. core(5).
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
