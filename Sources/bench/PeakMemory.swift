import Glibc
import Workbench

/// The most memory that handing out a cached token takes.
///
/// `ru_maxrss` includes what a process had before `execve`: started from here it would tell the
/// peak of this program, whose memory a child of `posix_spawn` shares until then. So a shell, with
/// one megabyte of its own, forks it and ends; the orphan comes to us, and so does its `rusage`.
/// getrusage(2), PR_SET_CHILD_SUBREAPER(2const)
struct PeakMemory {
    private let site: Site
    private static let limit = Figure(value: 5, unit: .megabytes)

    init(_ site: Site) { self.site = site }

    func report() throws {
        try ChildProcess.adoptOrphans(true)
        for (what, command) in [("token", site.token()), ("get", try site.get())] {
            Table.add(
                Row(
                    "\(what), cached, peak memory", .megabytes(kibibytes: try peak(command)),
                    "/bin/true", .megabytes(kibibytes: try peak(site.doNothing)),
                    limit: .figure(Self.limit)))
        }
        try ChildProcess.adoptOrphans(false)
    }

    /// In KiB, the largest of some runs.
    private func peak(_ command: Command) throws -> Int {
        try (0..<site.effort(quick: 5, full: 20)).reduce(0) { peak, _ in
            max(peak, try peakOfOneRun(command))
        }
    }

    private func peakOfOneRun(_ command: Command) throws -> Int {
        // The child waits for a writer of the FIFO: were it quicker than the shell, the shell
        // would be the one that is told how it ended.
        let script = #"(: <"$BENCH_GO"; exec "$0" "$@" <"$BENCH_INPUT") >/dev/null & echo $!"#
        let fifo = "\(site.home.work)/go"
        guard mkfifo(fifo, 0o600) == 0 else { throw Problem("cannot make the FIFO '\(fifo)'") }
        defer { unlink(fifo) }
        guard case .file(let input) = command.input else {
            throw Problem("'\(command.text)' does not read a file")
        }
        var shell = command
        shell.program = "/bin/sh"
        shell.arguments = ["-c", script, command.program] + command.arguments
        shell.input = .file("/dev/null")
        shell.environment.merge(["BENCH_GO": fifo, "BENCH_INPUT": input]) { $1 }
        guard let processID = Int32(try shell.outputText().dropLast()) else {
            throw Problem("/bin/sh did not tell which process it started")
        }
        let orphan = try ChildProcess(orphan: processID, in: site.cleanUp.children)
        close(open(fifo, O_WRONLY | O_CLOEXEC))
        let ending = try orphan.wait()
        try command.require(ending)
        return ending.peakMemory
    }
}
