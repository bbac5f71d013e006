import CredCore
import CredSession

extension Invocation {
    static func loginOptions(_ typed: CommandWords) throws(Failure) -> LoginOptions {
        var options = LoginOptions()
        if typed.has(.device) { options.flow = .deviceCode }
        if typed.has(.json) { options.layout = .json }
        if typed.has(.qrCode) { options.qrCode = .shown }
        if let path = typed.value(.keyFile) {
            guard path != "-" || typed.value(.profileFile) != "-" else {
                throw Failure(
                    .usage, "the key and the profile cannot both come from standard input",
                    remedy: "planet-cred help login")
            }
            options.key = path == "-" ? .standardInput : .file(path)
        }
        switch (typed.has(.open), typed.has(.noOpen)) {
        case (true, true):
            throw Failure(
                .usage, "'--open' and '--no-open' do not go together",
                remedy: "planet-cred help login")
        case (true, false): options.browser = .open
        case (false, true): options.browser = .printOnly
        // A program that shows a login in its own way opens what it wants to.
        case (false, false): options.browser = options.layout == .json ? .printOnly : .open
        }
        if let seconds = try seconds(typed, .timeLimit, example: "help login") {
            guard seconds > 0 else {
                throw Failure(
                    .usage, "'--timeout' does not take '0'", because: "nobody is that quick",
                    remedy: "planet-cred help login")
            }
            options.patience = min(seconds, 86_400)
        }
        return options
    }
}
