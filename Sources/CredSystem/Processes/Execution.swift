import CLinux
package import CredCore

/// The arguments of this process as the system passed them to `main`, including the program's name.
package struct ProgramArguments {
    package typealias Words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    private let count: Int
    private let words: Words

    package init(_ count: Int32, _ words: Words) {
        self.count = Int(count)
        self.words = words
    }

    /// The arguments as text. Invalid UTF-8 is replaced, so use them for parsing, not to pass them
    /// on.
    package var strings: [String] {
        (0..<count).compactMap { index in words[index].map { String(cString: $0) } }
    }

    /// The arguments from this one on, with a NULL after the last; `nil` if there is none.
    fileprivate func from(_ first: Int) -> Words? { first < count ? words + first : nil }
}

/// Replaces this process by another program.
package enum Execution {
    /// Runs the command that starts at argument `first` in place of this process, with its bytes
    /// unchanged and some environment variables changed.
    ///
    /// All existing entries of a changed name are removed; `nil` removes the variable. Returns only
    /// on failure, with kind `.commandNotFound` or `.commandNotExecutable`.
    package static func replaceProcess(
        _ arguments: ProgramArguments, commandFrom first: Int,
        changing variables: [(name: String, value: Secret?)]
    ) -> Failure {
        guard let arguments = arguments.from(first), let program = arguments.pointee else {
            return Failure(.usage, "no command to run")
        }
        let entries = variables.compactMap { variable in
            variable.value.map { strdup("\(variable.name)=\($0.reveal())") }
        }
        var environment = inherited(without: variables.map { $0.name }) + entries + [nil]
        let name = String(cString: program)
        let error = execute(program, arguments, &environment)
        let kind: Failure.Kind = error.meansMissing ? .commandNotFound : .commandNotExecutable
        return Failure(kind, "cannot run '\(name)'", because: error.reason)
    }

    private static func inherited(without names: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var kept: [UnsafeMutablePointer<CChar>?] = []
        var pointer = linux_environment()
        while let entry = pointer.pointee {
            let isChanged = names.contains { name in
                let length = name.utf8.count
                return strncmp(entry, name, length) == 0
                    && entry[length] == CChar(UInt8(ascii: "="))
            }
            if !isChanged { kept.append(entry) }
            pointer += 1
        }
        return kept
    }

    /// Works like `execvpe(3)`: a name without a slash is searched in `PATH`, and a file without a
    /// magic number is run as a shell script.
    private static func execute(
        _ program: UnsafeMutablePointer<CChar>,
        _ arguments: ProgramArguments.Words,
        _ environment: inout [UnsafeMutablePointer<CChar>?]
    ) -> SystemError {
        let name = String(cString: program)
        if name.utf8.contains(UInt8(ascii: "/")) {
            return executeFile(name, arguments, &environment)
        }
        var error = SystemError(ENOENT)
        // As in shells, no directory of PATH is a command.
        guard !name.isEmpty else { return error }
        let path = ProcessEnvironment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
            let file = folder.isEmpty ? name : "\(folder)/\(name)"
            let reason = executeFile(file, arguments, &environment)
            // A file that may not be executed does not end the search.
            if !reason.meansMissing { error = reason }
        }
        return error
    }

    private static func executeFile(
        _ file: String, _ arguments: ProgramArguments.Words,
        _ environment: inout [UnsafeMutablePointer<CChar>?]
    ) -> SystemError {
        execve(file, arguments, &environment)
        let error = SystemError.last
        guard error.code == ENOEXEC else { return error }
        var shellArguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup(file)]
        var rest = arguments + 1
        while let word = rest.pointee {
            shellArguments.append(word)
            rest += 1
        }
        shellArguments.append(nil)
        execve("/bin/sh", shellArguments, &environment)
        return SystemError.last
    }
}
