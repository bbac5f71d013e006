import CredCore
import CredSystem

extension Login {
    /// What the person types on the terminal in answer to a question; never an empty line.
    /// - Parameter what: is asked for, as it begins a sentence.
    func ask(_ what: String, _ echo: Terminal.Echo) throws(Failure) -> Secret {
        guard let terminal = Terminal() else {
            throw .nobodyThere(choice, "it asks a question, and there is no terminal")
        }
        switch terminal.ask(question(what), echo, until: deadline) {
        case .line(let text):
            guard text.isEmpty else { return text }
            throw .loginRefused(choice, "nothing was typed")
        case .ended: throw .loginRefused(choice, Self.noLine)
        case .timedOut:
            throw .loginRefused(choice, "nothing was typed within \(request.patience.inWords)")
        }
    }

    /// Whoever is asked must know for what: another program may have started us.
    func question(_ what: String, or other: String = "") -> String {
        "\(what) for profile '\(profile)'\(other): "
    }

    /// Why a question was left without a line in answer.
    static let noLine = "nothing was typed, or what is too long for a terminal, or no UTF-8"
}
