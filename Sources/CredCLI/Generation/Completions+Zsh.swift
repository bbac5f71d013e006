extension Completions {
    static var zsh: String {
        #"""
        #compdef planet-cred
        # zsh completion for planet-cred; made by: planet-cred completions zsh
        _planet_cred_commands() {
            local -a commands
            commands=(
        \#(zshCommands)
            )
            _describe command commands
        }
        _planet_cred_profiles() {
            local -a names
            names=(~/.planet/*(-/N:t))
            _describe profile names
        }
        _planet_cred() {
            local curcontext=$curcontext
            local -a operands own
            local -i i program
            # Read the words before the cursor as planet-cred does.
            for ((i = 2; i < CURRENT; i++)); do
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
            _arguments -S : \
        \#(zshCommon) \
                '1:command:_planet_cred_commands' $own
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
        CommandSpecification.shown.map { "        '\($0.name):\(zshText($0.summary))'" }
            .joined(separator: "\n")
    }

    private static var zshCommon: String {
        OptionSpecification.common.map { "        \(zshOption($0))" }.joined(separator: " \\\n")
    }

    /// The options of each command. Before the command the options of all are accepted, but not
    /// offered: an exclamation mark hides them.
    private static var zshCases: String {
        let cases = CommandSpecification.shown.compactMap { command -> String? in
            var own = command.options().map(zshOption)
            if let value = command.operands.value { own.append("'2\(zshValue(value))'") }
            guard !own.isEmpty else { return nil }
            return "        \(command.name)) own=(\(own.joined(separator: " "))) ;;"
        }
        let hidden = ownOptions.map { option in
            option.value.map { "'!--\(option.name)=\(zshValue($0))'" } ?? "'!--\(option.name)'"
        }
        return (cases + ["        '') own=(\(hidden.joined(separator: " "))) ;;"])
            .joined(separator: "\n")
    }

    private static func zshOption(_ option: OptionSpecification) -> String {
        let star = option.isRepeatable ? "*" : ""
        let name = "--\(option.name)\(option.value == nil ? "" : "=")"
        let text = "[\(zshText(option.summary))]\(option.value.map(zshValue) ?? "")'"
        guard let letter = option.letter else { return "'\(star)\(name)\(text)" }
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
