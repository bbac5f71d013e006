extension Completions {
    static var zsh: String {
        #"""
        #compdef planet-cred
        # zsh completion for planet-cred; made by: planet-cred completions zsh
        _planet_cred_commands() {
            local -a commands
            local word
            commands=(
        \#(zshCommands)
            )
            # Do not offer commands that refuse an option given already.
            for word in $used; do
                case ${word%%=*} in
        \#(zshRefusals)
                esac
            done
            _describe command commands
        }
        _planet_cred_profiles() {
            local -aU names
            names=(\#(builtInProfiles.joined(separator: " ")) ~/.planet/*(-/N:t))
            _describe profile names
        }
        _planet_cred() {
            local curcontext=$curcontext
            local -a operands own used
            local -i i program
            # Read the words before the cursor as planet-cred does.
            for ((i = 2; i < CURRENT; i++)); do
                [[ $words[i] == -?* ]] && used+=("$words[i]")
                case $words[i] in
                    \#(optionsWithValue.joined(separator: " | "))) ((i++)) ;;
                    --)
                        if [[ $operands[1] == \#(exec) ]]; then
                            program=i+1
                        else
                            # After an operand _arguments would take the dashes for one.
                            operands+=("${(@)words[i+1,CURRENT-1]}")
                            words=("$words[1]" -- "${(@)operands}" "$words[CURRENT]")
                            CURRENT=$#words
                        fi
                        break ;;
                    -?*) ;;
                    *)
                        if [[ $operands[1] == \#(exec) ]]; then
                            program=i
                            break
                        fi
                        operands+=("$words[i]") ;;
                esac
            done
            if [[ $operands[1] == \#(exec) && $words[CURRENT] != -* ]] && ((i == CURRENT && !program)); then
                program=CURRENT
            fi
            if ((program)); then
                shift $((program - 1)) words
                ((CURRENT -= program - 1))
                _normal
                return
            fi
            case $operands[1] in
        \#(zshCases)
            esac
        \#(zshGroups)
            _arguments -S : '1:command:_planet_cred_commands' $own
        }
        # This file is the function's body at its first use, or is sourced.
        if [[ $funcstack[1] == _planet_cred ]]; then
            _planet_cred "$@"
        else
            compdef _planet_cred planet-cred
        fi

        """#
    }

    private static var zshCommands: String {
        let single = CommandSpecification.shown.filter { !$0.name.contains(" ") }
            .map { "        '\($0.name):\(zshText($0.summary))'" }
        let groups = CommandSpecification.groups.map {
            "        '\($0):\(zshText(summary($0)))'"
        }
        return (single + groups).joined(separator: "\n")
    }

    /// The commands of each group: the second word, and what follows it.
    private static var zshGroups: String {
        CommandSpecification.groups.map { group in
            let words = secondWords(group).map { $0.word }.joined(separator: " ")
            let cases = CommandSpecification.group(group).map { command in
                var own = command.offeredOptions.map(zshOption)
                if let value = command.operands.value { own.append("'3\(zshValue(value))'") }
                return "            '\(command.name)') own+=(\(own.joined(separator: " "))) ;;"
            }
            return """
                    if [[ $operands[1] == \(group) ]]; then
                        own=('2:command:(\(words))')
                        case "$operands[1] $operands[2]" in
                \(cases.joined(separator: "\n"))
                        esac
                    fi
                """
        }.joined(separator: "\n")
    }

    /// A case for each option that only some commands take, or that some refuse.
    private static var zshRefusals: String {
        OptionSpecification.rows.compactMap { option -> String? in
            let refusing = CommandSpecification.shown.filter { $0.refusedOptions.contains(option) }
            guard !refusing.isEmpty else { return nil }
            let groups = option.isCommon ? [] : CommandSpecification.groups
            let names = (refusing.map { $0.name } + groups).joined(separator: "|")
            return "            --\(option.name)) commands=(${commands:#(\(names)):*}) ;;"
        }.joined(separator: "\n")
    }

    /// The options of each command, and before the command those of all.
    private static var zshCases: String {
        let single = CommandSpecification.shown.filter { !$0.name.contains(" ") }
        let cases = single.map { command in
            var own = command.offeredOptions.map(zshOption)
            if let value = command.operands.value {
                let refused = command.options().contains(.all) ? "(--all)" : ""
                own.append("'\(refused)2\(zshValue(value))'")
            }
            return "        \(command.name)) own=(\(own.joined(separator: " "))) ;;"
        }
        let early = (OptionSpecification.common + ownOptions).map(zshOption)
        return (cases + ["        '') own=(\(early.joined(separator: " "))) ;;"])
            .joined(separator: "\n")
    }

    /// What cannot be used together with an option, in the notation of `_arguments`; `2` is the
    /// operand after the command.
    private static func zshExcluded(_ option: OptionSpecification) -> [String] {
        refused(beside: option).map { "--\($0.name)" } + (option == .all ? ["2"] : [])
    }

    private static func zshOption(_ option: OptionSpecification) -> String {
        let star = option.isRepeatable ? "*" : ""
        let name = "--\(option.name)\(option.value == nil ? "" : "=")"
        let text = "[\(zshText(option.summary))]\(option.value.map(zshValue) ?? "")'"
        guard let letter = option.letter else {
            let excluded = zshExcluded(option)
            let list =
                excluded.isEmpty || option.isRepeatable
                ? "" : "(\((["--\(option.name)"] + excluded).joined(separator: " ")))"
            return "'\(list)\(star)\(name)\(text)"
        }
        return "'(-\(letter) --\(option.name))'{-\(letter),\(name)}'\(text)"
    }

    /// The message and the words to offer.
    private static func zshValue(_ value: ValueSpecification) -> String {
        let offers =
            switch value {
            case .text: ""
            case .profile: "_planet_cred_profiles"
            case .path: "_files"
            case .choice(_, let words): "(\(words().joined(separator: " ")))"
            }
        return ":\(zshText(value.name)):\(offers)"
    }

    /// The text escaped: quotes would end the word, colons and brackets the description.
    private static func zshText(_ text: String) -> String {
        text.map { character in
            switch character {
            case "'": "'\\''"
            case ":", "[", "]": "\\\(character)"
            default: "\(character)"
            }
        }.joined()
    }
}
