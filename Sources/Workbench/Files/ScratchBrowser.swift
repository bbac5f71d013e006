import Foundation

/// A stand-in for the user's browser: a program for `BROWSER` that gets a URL as its one argument.
package struct ScratchBrowser: Sendable {
    private let home: ScratchHome

    /// What the browser does with a URL.
    package enum Habit: String, Sendable {
        /// Opens it and follows all redirects, as if the person agreed to everything.
        case following
        /// Only records it, and where a start page of planet-cred leads.
        case recording
    }

    /// Puts the program into a home.
    package init(in home: ScratchHome, _ habit: Habit = .following) throws {
        self.home = home
        try home.write(path, Self.script(habit), mode: 0o755)
    }

    /// The value of `BROWSER`.
    package var path: String { "\(home.root)/browser/open" }

    /// Read by a shell instead of being started itself: a file that was just written may still be
    /// open for writing in a child that another test starts.
    package var environment: [String: String] { ["BROWSER": "/bin/sh \(path)"] }

    /// The URLs it was started with, in order, as everybody on the machine sees them.
    package var arguments: [String] { lines("arguments") }

    /// The pages that it was started for, in order: a start page of planet-cred leads to another
    /// one. Anything but one argument is also recorded as a line.
    package var urls: [String] { lines("urls") }

    private func lines(_ name: String) -> [String] {
        // The file does not exist before the first start.
        let text = (try? home.read("\(home.root)/browser/\(name)")) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Waits until the browser was started; returns the first URL.
    package func url() async throws -> String {
        try await Condition.wait(for: "the browser") { !urls.isEmpty }
        return urls[0]
    }

    /// Waits until it has followed all redirects; returns the last page.
    package func page() async throws -> Page {
        let folder = "\(home.root)/browser/page"
        try await Condition.wait(for: "the page in the browser") { home.exists(folder) }
        return Page(
            address: try home.read("\(folder)/address"),
            headers: try home.read("\(folder)/headers"),
            text: try home.read("\(folder)/text"))
    }

    /// The page that the browser shows.
    package struct Page: Sendable {
        /// The URL after all redirects.
        package let address: String
        /// The status lines and headers of all answers on the way.
        package let headers: String
        /// The last body, or curl's error message.
        package let text: String
    }

    /// A page's directory is renamed into place, so that nobody reads half a page.
    private static func script(_ habit: Habit) -> String {
        """
        #!/bin/sh
        PATH=/usr/local/bin:/usr/bin:/bin
        cd "${0%/*}" || exit
        if [ $# != 1 ]; then
            printf '%s arguments: %s\\n' $# "$*" >>urls
            exit 64
        fi
        printf '%s\\n' "$1" >>arguments
        url=$1
        case $url in
        http://*/open/*)
            url=$(curl -q -s --noproxy '*' -o /dev/null -w '%{redirect_url}' --url "$1") ;;
        esac
        printf '%s\\n' "$url" >>urls
        [ \(habit.rawValue) = following ] || exit 0
        mkdir page.$$ && cd page.$$ || exit
        : >headers
        curl -q -sS -L --noproxy '*' --max-time 600 --dump-header headers --output text \\
            --write-out '%{url_effective}' --url "$url" >address 2>problem || cp problem text
        touch text
        cd .. && rm -rf page && mv page.$$ page

        """
    }
}
