import Foundation
import Glibc
import Workbench

/// The most memory that handing out a cached token takes: `VmHWM` of proc(5), what is resident at
/// its peak, with all pages of the program itself that are mapped.
///
/// It is read while the process waits to write its answer, into a pipe that is full; after that it
/// only ends. `ru_maxrss` would tell what the process had before `execve` as well.
struct PeakMemory {
    private let site: Site
    private static let limit = Figure(value: 1, unit: .megabytes)

    init(_ site: Site) { self.site = site }

    func report() throws {
        let echo = try peak(site.home.command("/bin/echo"))
        for (what, command) in [("token", site.token()), ("get", try site.get())] {
            Table.add(
                Row(
                    "\(what), cached, peak memory", .megabytes(kibibytes: try peak(command)),
                    "/bin/echo", .megabytes(kibibytes: echo), limit: .figure(Self.limit)))
        }
        let size = Double(try site.programSize()) / 1_000_000
        Table.add(Row("size of the program", Figure(value: size, unit: .megabytes)))
    }

    /// In KiB, the largest of some runs.
    private func peak(_ command: Command) throws -> Int {
        try (0..<site.effort(quick: 5, full: 20)).reduce(0) { peak, _ in
            max(peak, try peakOfOneRun(command))
        }
    }

    private func peakOfOneRun(_ command: Command) throws -> Int {
        let pipe = try FullPipe()
        let process = try command.start(output: pipe.writer)
        let deadline = ContinuousClock.now + .seconds(20)
        while try field("State", of: process).first != "S" {
            guard ContinuousClock.now < deadline else {
                throw Problem("'\(command.text)' does not come to its answer")
            }
            usleep(500)
        }
        let peak = try field("VmHWM", of: process).split(separator: " ").first.flatMap { Int($0) }
        pipe.drain()
        try command.require(try process.wait())
        guard let peak else { throw Problem("/proc does not tell how much memory there is") }
        return peak
    }

    private func field(_ name: String, of process: ChildProcess) throws -> String {
        let path = "/proc/\(process.processID)/status"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("\(name):") } ?? ""
        return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }
}

/// A pipe that takes nothing more until it is drained.
private struct FullPipe: ~Copyable {
    let writer: Int32
    private let reader: Int32

    init() throws(Problem) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Problem("there is no pipe to be had") }
        (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // Who writes later waits; who fills it must not.
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        while write(writer, [0], 1) == 1 {}
        _ = fcntl(writer, F_SETFL, 0)
    }

    /// Takes what is in it, until nobody can write any more.
    consuming func drain() {
        close(writer)
        var space = [UInt8](repeating: 0, count: 65_536)
        while read(reader, &space, space.count) > 0 {}
        close(reader)
    }
}
