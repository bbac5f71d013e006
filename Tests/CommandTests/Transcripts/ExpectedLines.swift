import Foundation

/// What texts for people say, and what it is where a test plays them; longer texts before their
/// parts.
struct Names: Sendable {
    var pairs: [(documented: String, actual: String)]

    /// A documented text, as it is here.
    func staged(_ text: String) -> String {
        pairs.reduce(text) { $0.replacing($1.documented, with: $1.actual) }
    }

    /// A text from here, as it would be documented; of an authorization URL the place alone.
    func documented(_ text: String) -> String {
        pairs.reduce(text) { $0.replacing($1.actual, with: $1.documented) }
            .replacing(/\/authorize\?response_type=[^\s"]*/, with: "/authorize?...")
    }
}

/// Lines that are expected: `...` stands for anything within a line, and on a line of its own for
/// any number of lines. Moments, the time that is left and the numbers of processes are different in
/// every session.
struct ExpectedLines: Sendable {
    private let patterns: [String]

    init(_ patterns: [String]) { self.patterns = patterns }

    func areMet(by lines: [String]) -> Bool { rewritten(as: lines) == nil }

    /// What to expect from now on: these lines, with the patterns that fit; `nil` where all fit.
    ///
    /// - Parameter others: the same lines in other words, which may fit as well.
    func rewritten(as lines: [String], or others: [String]? = nil) -> [String]? {
        if patterns == lines { return nil }
        let expected = patterns.map(LinePattern.init)
        let actual = [lines, others ?? lines].map { $0.map(LinePattern.timeless) }
        let steps = Alignment(patterns.count, lines.count) {
            patterns[$0] == LinePattern.anything
        } matches: { pattern, line in
            actual.contains { expected[pattern].matches($0[line]) }
        }.steps
        var isMet = true
        let rewritten = steps.compactMap { step -> String? in
            switch step {
            case .keep(let pattern): return patterns[pattern]
            case .pass: return nil
            case .replace(let pattern, let line):
                isMet = false
                return Self.generalised(lines[line], from: patterns[pattern])
            case .add(let line):
                isMet = false
                return lines[line]
            case .drop:
                isMet = false
                return nil
            }
        }
        return isMet ? nil : rewritten
    }

    /// A new line in place of one that was expected, so that they differ in what is new alone: the
    /// moments and their kin are those of the old line, and where that had a pattern, numbers that it
    /// had not vary, too.
    private static func generalised(_ line: String, from pattern: String) -> String {
        var line = line
        for kind in LinePattern.kinds {
            var samples = pattern.matches(of: kind.pattern).map { String($0.output) }[...]
            line.replace(kind.pattern) { samples.popFirst() ?? String($0.output) }
        }
        guard pattern.contains(LinePattern.anything) else { return line }
        return line.replacing(/\d+/) { number in
            pattern.contains(number.output) ? String(number.output) : LinePattern.anything
        }
    }
}

/// An expected line.
private struct LinePattern {
    static let anything = "..."

    /// What must stand between what may be anything.
    private let parts: [String]

    init(_ text: String) {
        parts = Self.timeless(text).components(separatedBy: Self.anything)
    }

    /// - Parameter line: without what is different in every session.
    func matches(_ line: String) -> Bool {
        var rest = Substring(line)
        guard parts.count > 1 else { return rest == parts[0] }
        guard rest.hasPrefix(parts[0]) else { return false }
        rest.removeFirst(parts[0].count)
        for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }

    /// The text with moments and their kin made equal.
    static func timeless(_ text: String) -> String {
        kinds.reduce(text) { $0.replacing($1.pattern, with: $1.name) }
    }

    /// What is different in every session.
    static var kinds: [(name: String, pattern: Regex<Substring>)] {
        [
            ("DATE", /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/),
            ("SECONDS", /\b1\d{9}\b/.wordBoundaryKind(.simple)),
            ("LEFT", /\((?:now|(?:in )?(?:\d+ h )?\d+ (?:s|min)(?: ago)?)\)|sleep \d+/),
            ("TOOK", /after \d+ ms/),
            ("PROCESS", /planet-cred\[\d+\]|process \d+/),
            ("ID", /\b(?:[0-9a-f]{16}){1,4}\b/.wordBoundaryKind(.simple)),
        ]
    }
}

/// The cheapest way from expected lines to those that came.
private struct Alignment {
    enum Step {
        /// The line fits, or is one of any number of lines.
        case keep(pattern: Int)
        /// One of any number of lines.
        case pass
        case replace(pattern: Int, line: Int)
        case add(line: Int)
        case drop
    }

    private struct Way {
        var cost: Int
        var step: Step
    }

    private let patternCount: Int
    private let lineCount: Int
    private let isAnyNumber: (Int) -> Bool
    private let matches: (Int, Int) -> Bool
    /// The best way from a pattern and a line on.
    private var ways: [[Way]]

    init(
        _ patternCount: Int, _ lineCount: Int, isAnyNumber: @escaping (Int) -> Bool,
        matches: @escaping (Int, Int) -> Bool
    ) {
        (self.patternCount, self.lineCount) = (patternCount, lineCount)
        (self.isAnyNumber, self.matches) = (isAnyNumber, matches)
        let end = Way(cost: 0, step: .drop)
        ways = Array(
            repeating: Array(repeating: end, count: lineCount + 1), count: patternCount + 1)
        for pattern in (0...patternCount).reversed() {
            for line in (0...lineCount).reversed() {
                // Of equal ones the first; without any this is the end.
                let best = self.offers(pattern, line).min { $0.cost < $1.cost }
                ways[pattern][line] = best ?? end
            }
        }
    }

    private func offers(_ pattern: Int, _ line: Int) -> [Way] {
        let (hasPattern, hasLine) = (pattern < patternCount, line < lineCount)
        func way(_ step: Step, _ cost: Int, _ patterns: Int, _ lines: Int) -> Way {
            Way(cost: cost + ways[pattern + patterns][line + lines].cost, step: step)
        }
        if hasPattern, isAnyNumber(pattern) {
            return [way(.keep(pattern: pattern), 0, 1, 0)] + (hasLine ? [way(.pass, 0, 0, 1)] : [])
        }
        var offers: [Way] = []
        if hasPattern, hasLine {
            offers.append(
                matches(pattern, line)
                    ? way(.keep(pattern: pattern), 0, 1, 1)
                    : way(.replace(pattern: pattern, line: line), 1, 1, 1))
        }
        if hasPattern { offers.append(way(.drop, 1, 1, 0)) }
        if hasLine { offers.append(way(.add(line: line), 1, 0, 1)) }
        return offers
    }

    var steps: [Step] {
        var steps: [Step] = []
        var (pattern, line) = (0, 0)
        while pattern < patternCount || line < lineCount {
            let step = ways[pattern][line].step
            steps.append(step)
            switch step {
            case .keep:
                line += isAnyNumber(pattern) ? 0 : 1
                pattern += 1
            case .replace:
                pattern += 1
                line += 1
            case .pass, .add: line += 1
            case .drop: pattern += 1
            }
        }
        return steps
    }
}
