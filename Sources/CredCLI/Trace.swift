package import CredCore
import CredSystem

/// Writes the steps of a run to standard error or a file, as `PLANET_CRED_TRACE` says.
package enum Trace {
    /// The function that writes a step; does nothing if no trace is wanted.
    ///
    /// - Parameter setting: `1` or `true` for standard error, otherwise the absolute path of a file
    ///   to append to. A relative one is reported and not used, as for git's own traces: git starts
    ///   us in the work tree, which may be somebody else's.
    package static func sink(setting: String?, isVerbose: Bool)
        -> @Sendable (() -> TraceEvent) -> Void
    {
        let isShown: Bool
        let path: String?
        switch setting {
        case nil, "0", "false": (isShown, path) = (isVerbose, nil)
        case "1", "true": (isShown, path) = (true, nil)
        case let text?: (isShown, path) = (isVerbose, usable(text))
        }
        guard let path else {
            guard isShown else { return { _ in } }
            return { event in StandardStreams.writeError(lines(event())) }
        }
        return { event in
            let lines = lines(event())
            File.append(path, lines)
            if isShown { StandardStreams.writeError(lines) }
        }
    }

    /// The path, if a trace can be written there; otherwise a warning says why not.
    private static func usable(_ path: String) -> String? {
        let problem =
            path.isAbsolutePath
            ? File.append(path, "") : "PLANET_CRED_TRACE must be 1 or an absolute path"
        guard let problem else { return path }
        StandardStreams.writeError(
            "planet-cred: warning: cannot write the trace to '\(path.printable)': \(problem)\n")
        return nil
    }

    private static func lines(_ event: TraceEvent) -> String {
        let start = "planet-cred[\(Platform.processID)] \(SystemClock.now().rfc3339)"
        return texts(event).map { "\(start) \($0.printable)\n" }.joined()
    }

    private static func texts(_ event: TraceEvent) -> [String] {
        if case .decision(let lines) = event { return lines }
        return [text(event)]
    }

    private static func text(_ event: TraceEvent) -> String {
        switch event {
        case .decision(let lines): lines.joined(separator: "; ")
        case .profile(let name, let source): "profile '\(name)', chosen by \(source)"
        case .cache(let path, let state): "cache '\(path)': \(state)"
        case .lock(let profile, let state): "lock of '\(profile)': \(state)"
        case .waiting(let milliseconds, let reason): "waiting \(milliseconds) ms: \(reason)"
        case .request(let method, let url): "request \(method) \(url)"
        case .response(let status, let milliseconds): "response \(status) after \(milliseconds) ms"
        case .noResponse(let reason): "no response: \(reason)"
        case .oddAnswer(let form): "the answer is \(form); tokens were found in it"
        case .saved(let path): "saved '\(path)'"
        case .started(let program): "started '\(program)'"
        }
    }
}
