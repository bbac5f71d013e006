import CLinux
import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

/// Each test has a process of its own, for a process has one terminal.
@Suite("Terminal", .inTurn) struct TerminalTests {
    @Test("a process without a terminal has none, whatever its streams are")
    func noTerminal() async {
        await #expect(processExitsWith: .success) {
            setsid()
            #expect(!Terminal.isThere)
        }
    }

    @Test("a process with a terminal has it, whatever its streams are")
    func terminal() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            #expect(Terminal.isThere)
            withExtendedLifetime(person) {}
        }
    }

    @Test("a message does not wait for ever for a terminal that takes nothing")
    func stalled() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            let terminal = try person.opened()
            terminal.write(String(repeating: "x", count: 1 << 20))
            withExtendedLifetime(person) {}
        }
    }

    @Test("a question that the terminal does not take is over in time")
    func stalledQuestion() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            let terminal = try person.opened()
            let question = String(repeating: "x", count: 1 << 20)
            let answer = terminal.ask(question, .shown, until: SystemClock.uptime())
            #expect(answer == .timedOut)
            withExtendedLifetime(person) {}
        }
    }

    @Test("a signal acts though the terminal does not take the question")
    func stalledSignal() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            let person = try OwnTerminal()
            let terminal = try person.opened()
            // Where tests run, signals are held back anyhow.
            var none = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, nil)
            let thread = pthread_self()
            let sender = Companion {
                // The echo is off, so the signals are held back.
                person.expect("x")
                pthread_kill(thread, SIGTERM)
            }
            _ = terminal.ask(String(repeating: "x", count: 1 << 20), .hidden, until: .max)
            withExtendedLifetime(sender) {}
        }
    }

    @Test(
        "a line is the answer, as it was typed",
        arguments: [
            Row("a word", "me\n", "me"), Row("nothing", "\n", ""),
            Row("spaces and letters", " ä 漢 \n", " ä 漢 "),
            Row("a mistake that was mended", "mx\u{7F}e\n", "me"),
            Row("Ctrl-D in the end", "me\u{4}\u{4}", "me"),
            Row("Ctrl-D in the middle", "m\u{4}e\n", "me"),
            Row("two lines", "me\nyou\n", "me"),
            Row(
                "all that a line can hold", "\(String(repeating: "x", count: 4094))\n",
                String(repeating: "x", count: 4094)),
        ])
    func line(_ row: Row<String, String>) async {
        await #expect(processExitsWith: .success) {
            [typed = row.given as String, wanted = row.wanted as String] in
            let person = try OwnTerminal()
            let terminal = try person.opened()
            try person.type(typed)
            let answer = terminal.ask("Name: ", .shown, until: .max)
            #expect(answer == .line(Secret(wanted)))
            person.expect("Name: ")
        }
    }

    @Test(
        "what is no answer ends the question",
        arguments: [
            Example("Ctrl-D", [0x04]), Example("not UTF-8", [0xFF, 0x0A]),
            Example("more than a line can hold", [UInt8](repeating: 0x78, count: 4095) + [0x0A]),
        ] as [Example<[UInt8]>])
    func ended(_ example: Example<[UInt8]>) async {
        await #expect(processExitsWith: .success) { [typed = example.given as [UInt8]] in
            let person = try OwnTerminal()
            let terminal = try person.opened()
            try person.type(typed)
            let answer = terminal.ask("Name: ", .shown, until: .max)
            #expect(answer == .ended)
        }
    }

    @Test("a question that nobody answers in time is over, and half an answer is dropped")
    func timeOut() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            let terminal = try person.opened()
            try person.type("half")
            person.expect("half")
            let first = terminal.ask("Name: ", .shown, until: SystemClock.uptime())
            // Whatever comes next stands on a line of its own.
            #expect(person.expect("\n") == "Name: \n")
            try person.type("whole\n")
            let second = terminal.ask("Name: ", .shown, until: .max)
            #expect(first == .timedOut)
            #expect(second == .line(Secret("whole")))
        }
    }

    @Test("a hidden answer is not shown, only its end, and what follows is shown again")
    func hidden() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            let terminal = try person.opened()
            let typing = Companion {
                let shown = person.expect("Password: ")
                let echoIsOn = try person.echoIsOn
                try person.type("secret\n")
                return (shown, echoIsOn)
            }
            let answer = terminal.ask("Password: ", .hidden, until: .max)
            let (shown, echoIsOn) = try typing.result()
            #expect(answer == .line(Secret("secret")))
            #expect(shown == "Password: ")
            #expect(!echoIsOn)
            #expect(person.expect("\n") == "\n")
            #expect(try person.echoIsOn)
        }
    }

    @Test("what was typed before a hidden answer was asked for is none")
    func typedAhead() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            let terminal = try person.opened()
            try person.type("ls\n")
            person.expect("ls\n")
            let answer = terminal.ask("Password: ", .hidden, until: SystemClock.uptime())
            #expect(answer == .timedOut)
            #expect(try person.echoIsOn)
        }
    }

    @Test(
        "a line is shown in place of the last, cut to the width of the terminal",
        arguments: [
            Row("of unknown width", 0, "\r" + String(repeating: "x", count: 79) + "\u{1B}[K"),
            Row("narrow", 11, "\rxxxxxxxxxx\u{1B}[K"), Row("of no width", 1, "\r\u{1B}[K"),
        ])
    func replaceLine(_ row: Row<Int, String>) async {
        await #expect(processExitsWith: .success) {
            [width = row.given as Int, wanted = row.wanted as String] in
            let person = try OwnTerminal()
            try person.resize(width)
            try person.opened().replaceLine(String(repeating: "x", count: 100))
            #expect(person.expect("K") == wanted)
        }
    }

    @Test("a listener hands on requests and lines as they come")
    func listener() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            let terminal: Terminal? = try person.opened()
            var listener = try LoopbackListener([.ipv4], port: nil)
            try person.type("pasted\n")
            let first = listener.next(until: .max, or: terminal)
            try person.type("\u{4}")
            let second = listener.next(until: .max, or: terminal)
            let client = try LocalClient(port: listener.port).get("/cb", host: listener.host)
            let third = listener.next(until: .max, or: terminal)
            #expect(first.text == "line pasted")
            #expect(second.text == "line ")
            #expect(third.text == "request /cb")
            withExtendedLifetime(client) {}
        }
    }

    @Test("a listener does not wait for a terminal that is gone")
    func hangUp() async {
        await #expect(processExitsWith: .success) {
            signal(SIGHUP, SIG_IGN)
            let person = try OwnTerminal()
            let terminal: Terminal? = try person.opened()
            var listener = try LoopbackListener([.ipv4], port: nil)
            person.hangUp()
            let arrival = listener.next(until: SystemClock.uptime() + 1, or: terminal)
            #expect(arrival.text == "timed out")
        }
    }
}

extension LoopbackListener.Arrival {
    fileprivate var text: String {
        switch self {
        case .request(let request): "request \(request.path)"
        case .line(let line): "line \(line.reveal())"
        case .timedOut: "timed out"
        }
    }
}
