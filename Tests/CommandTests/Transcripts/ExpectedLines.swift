import Foundation

/// Lines that are expected: `...` stands for anything within a line, and on a line of its own for
/// any number of lines. Moments, the time that is left and the numbers of processes are different in
/// every session.
struct ExpectedLines: Sendable {
    private let patterns: [String]

    init(_ patterns: [String]) { self.patterns = patterns }

    private static let anything = "..."

    func areMet(by lines: [String]) -> Bool { rewritten(as: lines) == nil }

    /// What to expect from now on: these lines, with the patterns that fit; `nil` where all fit.
    ///
    /// - Parameter others: the same lines in other words, which may fit as well.
    func rewritten(as lines: [String], or others: [String]? = nil) -> [String]? {
        let steps = Alignment(patterns.count, lines.count) {
            patterns[$0] == Self.anything
        } matches: { pattern, line in
            [lines, others ?? lines].contains { Self.matches(patterns[pattern], $0[line]) }
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

    private static func matches(_ pattern: String, _ line: String) -> Bool {
        let parts = timeless(pattern).components(separatedBy: anything)
        var rest = Substring(timeless(line))
        guard parts.count > 1 else { return rest == parts[0] }
        guard rest.hasPrefix(parts[0]) else { return false }
        rest.removeFirst(parts[0].count)
        for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }

    private static func timeless(_ text: String) -> String {
        text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "DATE")
            .replacing(/\b1\d{9}\b/.wordBoundaryKind(.simple), with: "SECONDS")
            .replacing(
                /\((?:now|(?:in )?(?:\d+ h )?\d+ (?:s|min)(?: ago)?)\)|sleep \d+/, with: "LEFT"
            )
            .replacing(/after \d+ ms/, with: "TOOK")
            .replacing(/planet-cred\[\d+\]|process \d+/, with: "PROCESS")
            .replacing(/\b(?:[0-9a-f]{16}){1,4}\b/.wordBoundaryKind(.simple), with: "ID")
    }

    /// A new line in place of one that had a pattern: its numbers that are new vary, too.
    private static func generalised(_ line: String, from pattern: String) -> String {
        guard pattern.contains(anything) else { return line }
        return line.replacing(/\d+/) { number in
            pattern.contains(number.output) ? String(number.output) : anything
        }
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

    let steps: [Step]

    init(
        _ patternCount: Int, _ lineCount: Int, isAnyNumber: (Int) -> Bool,
        matches: (Int, Int) -> Bool
    ) {
        // What is left to change from a pattern and a line on.
        var costs = Array(
            repeating: Array(repeating: 0, count: lineCount + 1), count: patternCount + 1)
        var first: [[Step]] = Array(
            repeating: Array(repeating: .drop, count: lineCount + 1), count: patternCount + 1)
        for pattern in (0...patternCount).reversed() {
            for line in (0...lineCount).reversed() {
                let hasPattern = pattern < patternCount
                let hasLine = line < lineCount
                var best: (cost: Int, step: Step)?
                func offer(_ cost: Int, _ step: Step) {
                    if best.map({ cost < $0.cost }) ?? true { best = (cost, step) }
                }
                if hasPattern, isAnyNumber(pattern) {
                    offer(costs[pattern + 1][line], .keep(pattern: pattern))
                    if hasLine { offer(costs[pattern][line + 1], .pass) }
                } else {
                    if hasPattern, hasLine {
                        let rest = costs[pattern + 1][line + 1]
                        if matches(pattern, line) {
                            offer(rest, .keep(pattern: pattern))
                        } else {
                            offer(rest + 1, .replace(pattern: pattern, line: line))
                        }
                    }
                    if hasPattern { offer(costs[pattern + 1][line] + 1, .drop) }
                    if hasLine { offer(costs[pattern][line + 1] + 1, .add(line: line)) }
                }
                costs[pattern][line] = best?.cost ?? 0
                first[pattern][line] = best?.step ?? .drop
            }
        }
        steps = Self.path(first, patternCount, lineCount, isAnyNumber)
    }

    private static func path(
        _ first: [[Step]], _ patternCount: Int, _ lineCount: Int, _ isAnyNumber: (Int) -> Bool
    ) -> [Step] {
        var steps: [Step] = []
        var (pattern, line) = (0, 0)
        while pattern < patternCount || line < lineCount {
            let step = first[pattern][line]
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
