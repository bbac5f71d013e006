/// How often things are measured.
enum Effort: Sendable {
    /// Under 20 seconds in all.
    case quick
    /// Under two minutes.
    case full

    /// `nil` for arguments that mean nothing.
    init?(arguments: some Sequence<String>) {
        switch Array(arguments) {
        case []: self = .full
        case ["--quick"]: self = .quick
        default: return nil
        }
    }

    func callAsFunction<Value>(quick: Value, full: Value) -> Value {
        switch self {
        case .quick: quick
        case .full: full
        }
    }
}
