import CredCore
import CredOAuth

/// What a person pastes during one login, one line after the other.
struct Pasting: Sendable {
    private let attempt: AuthorizationRequest
    private let wanted: PastedReply.Wanted
    private let dialogue: LoginDialogue
    /// The beginning of a URL, from the lines before.
    private var beginning = ""

    init(
        _ wanted: PastedReply.Wanted, to attempt: AuthorizationRequest, _ dialogue: LoginDialogue
    ) {
        (self.wanted, self.attempt, self.dialogue) = (wanted, attempt, dialogue)
    }

    /// The server's reply in a line, or in it and the lines before. If there is none, tells the
    /// person why, and returns `nil`.
    mutating func reply(in line: Secret) -> RedirectReply? {
        let text = line.reveal()
        let whole = beginning + text
        var pasted = PastedReply(whole, wanted: wanted, to: attempt)
        if case .reply(let reply) = pasted { return reply }
        if !beginning.isEmpty {
            let alone = PastedReply(text, wanted: .address, to: attempt)
            // The rest of a URL is not a URL by itself.
            if alone == .nothing || pasted != .beginning { pasted = alone }
        }
        switch pasted {
        case .reply(let reply): return reply
        case .nothing: break
        case .beginning:
            beginning = whole
            dialogue.tell(
                .pastedOther("that URL is incomplete: its 'state' is missing; paste all of it")
            )
            return nil
        case .other(let reason): dialogue.tell(.pastedOther(reason))
        }
        beginning = ""
        return nil
    }
}

/// Shows the person how much time is left, and updates it every second.
struct Countdown: Sendable {
    private let dialogue: LoginDialogue
    private var shown: String?
    /// When the time is shown next, at the latest at the deadline of the login. In milliseconds of
    /// uptime.
    private(set) var moment: Int64

    init(_ dialogue: LoginDialogue) {
        self.dialogue = dialogue
        moment = dialogue.world.clock.uptime()
        advance()
    }

    /// Shows how much time is left, if the words for it have changed.
    ///
    /// Not more often, because what the person has pasted is on the same line.
    mutating func tell() {
        let left = dialogue.timeLeft
        if shown != left.inWords { dialogue.tell(.timeLeft(left)) }
        shown = left.inWords
    }

    /// Goes on to the next second.
    ///
    /// Counted from the last one, so that the deadline comes closer even if the clock stands still.
    mutating func advance() { moment = min(dialogue.deadline, moment + 1000) }

    /// Shows the time again: what the person typed has ended the line.
    mutating func restart() { shown = nil }
}
