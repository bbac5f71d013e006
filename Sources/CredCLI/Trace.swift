package import CredCore
import CredSystem

/// Writes the steps of a run to standard error or a file, as `PLANET_CRED_TRACE` says.
package enum Trace {
    /// The function that writes a step; does nothing if no trace is wanted.
    ///
    /// - Parameter setting: `1` or `true` for standard error, otherwise a file to append to.
    package static func sink(setting: String?, isVerbose: Bool)
        -> @Sendable (() -> TraceEvent) -> Void
    {
        switch setting {
        case nil, "0", "false":
            guard isVerbose else { return { _ in } }
            return { event in StandardStreams.writeError(line(event())) }
        case "1", "true":
            return { event in StandardStreams.writeError(line(event())) }
        case let path?:
            return { event in File.append(path, line(event())) }
        }
    }

    private static func line(_ event: TraceEvent) -> String {
        "planet-cred[\(Platform.processID)] \(SystemClock.now().rfc3339) \(text(event).printable)\n"
    }

    private static func text(_ event: TraceEvent) -> String {
        switch event {
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
