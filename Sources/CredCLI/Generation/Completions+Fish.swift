extension Completions {
    static var fish: String {
        let single = CommandSpecification.shown.filter { !$0.name.contains(" ") }
        let commands =
            single.map { command in
                fishLine(
                    "__planet_cred_wants \"\"" + fishUnused(command.refusedOptions),
                    " -a \(command.name)", command.summary)
            } + CommandSpecification.groups.flatMap(fishGroup)
        let common = OptionSpecification.common.map { option in
            let refusing = CommandSpecification.shown.filter { $0.refusedOptions.contains(option) }
            let places = (["program"] + refusing.map { $0.name })
                .map { "not __planet_cred_at \($0)" }.joined(separator: "; and ")
            return fishOption(option, places + fishUnused(refused(beside: option)))
        }
        let ofCommands = CommandSpecification.shown.flatMap { command in
            command.options().map { option in
                let place =
                    option == .all
                    ? "__planet_cred_wants \(command.name)" : "__planet_cred_at \(command.name)"
                return fishOption(option, place + fishUnused(refused(beside: option)))
            } + fishOperand(command)
        }
        let early = ownOptions.map { option in
            fishOption(
                option, "__planet_cred_at \"\"" + fishUnused(refused(beside: option)))
        }
        let lines = commands + common + ofCommands + early
        return fishFunctions + lines.map { "\($0)\n" }.joined()
    }

    private static var fishFunctions: String {
        #"""
        # fish completion for planet-cred; made by: planet-cred completions fish
        function __planet_cred_profiles
            set -l names \#(builtInProfiles.joined(separator: " "))
            for folder in ~/.planet/*/
                set -l name (path basename $folder)
                contains -- $name $names; or set -a names $name
            end
            string join \n -- $names
        end

        # Reads the words before the cursor as planet-cred does. Prints the command and its operands,
        # or 'program' and the words of the command line that \#(exec) is to run. Fails where the value of
        # an option is due.
        function __planet_cred_operands
            set -l words (commandline -opc)
            set -l operands
            set -l due operand
            while set -e words[1]; and set -q words[1]
                switch $words[1]
                    case \#(optionsWithValue.joined(separator: " "))
                        set -e words[1]
                        set -q words[1]; or set due value
                    case --
                        if test "$operands[1]" = \#(exec)
                            set operands program $words[2..]
                        else
                            set -a operands $words[2..]
                        end
                        break
                    case '-*'
                    case '*'
                        if test "$operands[1]" = \#(exec)
                            set operands program $words
                            break
                        end
                        set -a operands $words[1]
                end
            end
            string join \n -- $operands
            test $due = operand
        end

        # An option of this command may follow.
        function __planet_cred_at
            set -l operands (__planet_cred_operands)
            test "$operands[1..$(count $argv)]" = "$argv"
        end

        # The first operand of this command may follow.
        function __planet_cred_wants
            set -l operands (__planet_cred_operands); and test "$operands" = "$argv"
        end

        # One of these options has been given. The words of a command line that \#(exec) is to run do
        # not matter: no option is offered there.
        function __planet_cred_used
            for word in (commandline -opc)[2..]
                contains -- (string split -m 1 = -- $word)[1] $argv; and return
            end
            return 1
        end

        function __planet_cred_program
            set -l operands (__planet_cred_operands)
            set -l line (string escape -- $operands[2..]) (commandline -ct)
            # An empty line cannot be given as -C"".
            complete --do-complete="$line"
        end

        complete -c planet-cred -f

        """#
    }

    private static func fishGroup(_ group: String) -> [String] {
        [
            fishLine(
                "__planet_cred_wants \"\"" + fishUnused(ownOptions), " -a \(group)",
                summary(group))
        ]
            + secondWords(group).map { word, summary in
                fishLine("__planet_cred_wants \(group)", " -a \(word)", summary)
            }
    }

    private static func fishOperand(_ command: CommandSpecification) -> [String] {
        let isOneOfAll = command.options().contains(.all)
        let wants =
            "__planet_cred_wants \(command.name)" + (isOneOfAll ? fishUnused([.all]) : "")
        switch command.operands {
        case .none: return []
        case .program:
            let condition = "\(wants); or __planet_cred_at program"
            return [fishLine(condition, " -a '(__planet_cred_program)'")]
        case .optional(let value), .required(let value):
            return fishOffers(value).map { [fishLine(wants, $0)] } ?? []
        }
    }

    /// The end of a condition: none of these options has been given.
    private static func fishUnused(_ options: [OptionSpecification]) -> String {
        guard !options.isEmpty else { return "" }
        let names = options.map { "--\($0.name)" }.joined(separator: " ")
        return "; and not __planet_cred_used \(names)"
    }

    private static func fishOption(_ option: OptionSpecification, _ condition: String) -> String {
        // fish does not combine an old-style option with others in one word.
        let letter = option.letter.map { " -o \($0)" } ?? ""
        var value = ""
        if let specification = option.value {
            // Without -x fish offers files if it has nothing else.
            value = (specification.isPath ? " -r" : " -x") + (fishOffers(specification) ?? "")
        }
        return fishLine(condition, " -l \(option.name)\(letter)\(value)", option.summary)
    }

    private static func fishOffers(_ value: ValueSpecification) -> String? {
        switch value {
        case .text: nil
        case .profile: " -a '(__planet_cred_profiles)'"
        case .path: " -F"
        case .choice(_, let words): " -a '\(words().joined(separator: " "))'"
        }
    }

    private static func fishLine(_ condition: String, _ offers: String, _ summary: String = "")
        -> String
    {
        let description = summary.isEmpty ? "" : " -d '\(fishText(summary))'"
        return "complete -c planet-cred -n '\(condition)'\(offers)\(description)"
    }

    private static func fishText(_ text: String) -> String {
        text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    }
}
