import Workbench

/// Two ways of doing a thing, measured in turn: ours, theirs, ours, theirs, ...
///
/// What else the machine does hits both members of a pair alike, so the median of the pairs'
/// ratios says more than the ratio of two medians.
struct Comparison: Sendable {
    /// Medians, in milliseconds.
    let ours: Double
    let theirs: Double
    /// Ours divided by theirs, the median over all pairs.
    let ratio: Double

    /// Both closures return the milliseconds that they want counted.
    init(
        pairs: Int, ours: () throws -> Double, theirs: () throws -> Double
    ) throws {
        // Files and programs get into memory, and the processor up to speed.
        for _ in 0..<max(1, pairs / 20) { _ = (try ours(), try theirs()) }
        var measured: [(ours: Double, theirs: Double)] = []
        for _ in 0..<pairs { measured.append((try ours(), try theirs())) }
        self.ours = median(measured.map(\.ours))
        self.theirs = median(measured.map(\.theirs))
        ratio = median(measured.map { $0.ours / $0.theirs })
    }
}

extension Comparison {
    private init(ours: Double, theirs: Double, ratio: Double) {
        self.ours = ours
        self.theirs = theirs
        self.ratio = ratio
    }

    /// The same for so many times the work.
    func scaled(by factor: Int) -> Comparison {
        Comparison(ours: ours * Double(factor), theirs: theirs * Double(factor), ratio: ratio)
    }
}

/// The middle one of at least one value, or the mean of the two in the middle.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Runs `body` and returns how long it took, in milliseconds.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .milliseconds(1)
}

extension Command {
    /// Runs it to its end, its output on /dev/null, and returns how long that took in
    /// milliseconds, from before its start until it has been waited for.
    func milliseconds() throws -> Double {
        let clock = ContinuousClock()
        let begin = clock.now
        let ending = try start(output: nil).wait()
        let elapsed = begin.duration(to: clock.now)
        try require(ending)
        return elapsed / .milliseconds(1)
    }

    /// What it prints.
    func outputText() throws -> String { String(decoding: try output(), as: UTF8.self) }
}
