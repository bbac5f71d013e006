import Workbench

extension Command {
    /// A program that is looked for in our own `PATH`, and has no other variables of ours. It ends
    /// with the others of the server.
    init(
        _ program: String, _ arguments: [String], input: [UInt8] = [],
        environment: [String: String] = [:], among children: Children
    ) {
        self.init(
            program, arguments,
            environment: environment.merging(["PATH": SearchPath.own]) { $1 })
        self.input = .bytes(input)
        self.children = children
    }
}
