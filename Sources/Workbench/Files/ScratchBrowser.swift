import Foundation

/// A person's browser, as far as `BROWSER` goes: a program that gets a URL as its one argument.
package struct ScratchBrowser: Sendable {
    private let home: ScratchHome

    /// What the browser does with a URL.
    package enum Habit: String, Sendable {
        /// Opens it and follows all redirects, as if the person agreed to everything.
        case following
        /// Only keeps it.
        case recording
    }

    /// Puts the program into a home.
    package init(in home: ScratchHome, _ habit: Habit = .following) throws {
        self.home = home
        try home.write(path, Self.script(habit), mode: 0o755)
    }

    /// What `BROWSER` is set to.
    package var path: String { "\(home.root)/browser/open" }

    /// Read by a shell instead of being started itself: a file that was just written may still be
    /// open for writing in a child that another test starts.
    package var environment: [String: String] { ["BROWSER": "/bin/sh \(path)"] }

    /// The URLs it was started with, in order. Anything but one argument is told in a line too.
    package var urls: [String] {
        // It is not there before the first start.
        let text = (try? home.read("\(home.root)/browser/urls")) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Waits until somebody has started it: the first URL.
    package func url() async throws -> String {
        try await Condition.wait(for: "the browser") { !urls.isEmpty }
        return urls[0]
    }

    /// Waits until it has followed a URL to its end: where it last ended.
    package func page() async throws -> Page {
        let folder = "\(home.root)/browser/page"
        try await Condition.wait(for: "the page in the browser") { home.exists(folder) }
        return Page(
            address: try home.read("\(folder)/address"),
            headers: try home.read("\(folder)/headers"),
            text: try home.read("\(folder)/text"))
    }

    /// What the browser shows.
    package struct Page: Sendable {
        /// The URL after all redirects.
        package let address: String
        /// The status lines and headers of all answers on the way.
        package let headers: String
        /// The last body, or what is wrong in curl's words.
        package let text: String
    }

    /// The folders of a page are renamed into place, so that nobody sees half a page.
    private static func script(_ habit: Habit) -> String {
        """
        #!/bin/sh
        PATH=/usr/local/bin:/usr/bin:/bin
        cd "${0%/*}" || exit
        if [ $# != 1 ]; then
            printf '%s arguments: %s\\n' $# "$*" >>urls
            exit 64
        fi
        printf '%s\\n' "$1" >>urls
        [ \(habit.rawValue) = following ] || exit 0
        mkdir page.$$ && cd page.$$ || exit
        : >headers
        curl -q -sS -L --noproxy '*' --max-time 600 --dump-header headers --output text \\
            --write-out '%{url_effective}' --url "$1" >address 2>problem || cp problem text
        touch text
        cd .. && rm -rf page && mv page.$$ page

        """
    }
}
