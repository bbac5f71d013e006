/// Completion scripts, made from the tables of commands and options.
package enum Completions {
    package static func script(_ shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    private static var commandNames: [String] {
        CommandSpecification.shown.map { $0.name.rawValue }
    }
    private static var shellNames: [String] { Shell.allCases.map { $0.rawValue } }

    private static var bash: String {
        let profiles = "$(cd ~/.planet 2>/dev/null && printf '%s\\n' */ | tr -d /)"
        let cases = CommandSpecification.shown.map { command in
            let operands = command.takesProfile ? " \(profiles)" : ""
            return "        \(command.name.rawValue)) words=\"\(flags(command))\(operands)\" ;;"
        }.joined(separator: "\n")
        return """
            # bash completion for planet-cred; made by: planet-cred completions bash
            _planet_cred() {
                local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command="" i words
                case $previous in
                    --profile)
                        words=\(profiles)
                        COMPREPLY=($(compgen -W "$words" -- "$word")); return ;;
                    --profile-file | --key-file) COMPREPLY=($(compgen -f -- "$word")); return ;;
                    --format) COMPREPLY=($(compgen -W "\(OptionName.format.choices.joined(separator: " "))" -- "$word")); return ;;
                    completions) COMPREPLY=($(compgen -W "\(shellNames.joined(separator: " "))" -- "$word")); return ;;
                    help) COMPREPLY=($(compgen -W "\(commandNames.joined(separator: " "))" -- "$word")); return ;;
                esac
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                        --profile | --profile-file | --key-file | --timeout) ((i++)) ;;
                        -*) ;;
                        *) command=${COMP_WORDS[i]}; break ;;
                    esac
                done
                if [[ $command == exec ]]; then
                    for ((i++; i < COMP_CWORD; i++)); do
                        if [[ ${COMP_WORDS[i]} == -- ]]; then
                            COMPREPLY=($(compgen -c -f -- "$word")); return
                        fi
                    done
                fi
                case $command in
            \(cases)
                    *) words="\((commandNames + OptionName.common.map { "--\($0.rawValue)" }).joined(separator: " "))" ;;
                esac
                COMPREPLY=($(compgen -W "$words" -- "$word"))
            }
            complete -F _planet_cred planet-cred

            """
    }

    private static var zsh: String {
        let commands = CommandSpecification.shown.map { command in
            "        '\(command.name.rawValue):\(zshText(command.summary))'"
        }.joined(separator: "\n")
        let cases = CommandSpecification.shown.map { command in
            var specifications = command.options.map(zshOption)
            if command.takesProfile { specifications.append("'1:profile:_planet_cred_profiles'") }
            switch command.name {
            case .completions:
                specifications.append("'1:shell:(\(shellNames.joined(separator: " ")))'")
            case .help:
                specifications.append("'1:command:(\(commandNames.joined(separator: " ")))'")
            case .exec: specifications.append("'*::command:_normal'")
            case .token, .header, .login, .logout, .status, .inspect, .get, .store, .erase,
                .capability, .version, .renew, .background, .browse:
                break
            }
            let arguments = (["$common"] + specifications).joined(separator: " ")
            return "        \(command.name.rawValue)) _arguments \(arguments) ;;"
        }.joined(separator: "\n")
        let common = OptionName.common.map { "        \(zshOption($0))" }
            .joined(separator: "\n")
        return """
            #compdef planet-cred
            # zsh completion for planet-cred; made by: planet-cred completions zsh
            _planet_cred_profiles() {
                local -a names
                names=(~/.planet/*(N/:t))
                _describe profile names
            }
            _planet_cred() {
                local -a common commands
                common=(
            \(common)
                )
                commands=(
            \(commands)
                )
                local line state
                _arguments -C $common '1: :->command' '*:: :->rest'
                case $state in
                    command) _describe command commands ;;
                    rest)
                        case $line[1] in
            \(cases)
                        esac ;;
                esac
            }
            _planet_cred "$@"

            """
    }

    private static var fish: String {
        var lines = [
            "# fish completion for planet-cred; made by: planet-cred completions fish",
            "complete -c planet-cred -f",
        ]
        for command in CommandSpecification.shown {
            lines.append(
                "complete -c planet-cred -n __fish_use_subcommand -a \(command.name.rawValue) -d '\(command.summary.split(separator: "'").joined(separator: "\\'"))'"
            )
        }
        lines += OptionName.common.map { fishOption($0, condition: "") }
        for command in CommandSpecification.shown {
            let condition = " -n '__fish_seen_subcommand_from \(command.name.rawValue)'"
            lines += command.options.map { fishOption($0, condition: condition) }
            if command.takesProfile {
                lines.append("complete -c planet-cred\(condition) -a '\(fishProfiles)'")
            }
        }
        lines.append(
            "complete -c planet-cred -n '__fish_seen_subcommand_from completions' -a '\(shellNames.joined(separator: " "))'"
        )
        lines.append(
            "complete -c planet-cred -n '__fish_seen_subcommand_from help' -a '\(commandNames.joined(separator: " "))'"
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private static func flags(_ command: CommandSpecification) -> String {
        (command.options + OptionName.common).map { "--\($0.rawValue)" }.joined(separator: " ")
    }

    private static func zshOption(_ option: OptionName) -> String {
        let name = option.letter.map {
            "'(-\($0) --\(option.rawValue))'{-\($0),--\(option.rawValue)}"
        }
        let value = option.value.map { _ in ":value:\(zshValues(option))" } ?? ""
        let star = option == .environment ? "*" : ""
        let text = "[\(zshText(option.summary))]\(value)'"
        return name.map { "\($0)'\(text)" } ?? "'\(star)--\(option.rawValue)\(text)"
    }

    private static func zshValues(_ option: OptionName) -> String {
        if !option.choices.isEmpty { return "(\(option.choices.joined(separator: " ")))" }
        switch option {
        case .profile: return "_planet_cred_profiles"
        case .profileFile, .keyFile: return "_files"
        case .noSave, .verbose, .help, .version, .format, .minimumLife, .rejected, .environment,
            .json, .login, .device, .open, .noOpen, .qrCode, .timeLimit, .all, .remote, .verify:
            return ""
        }
    }

    /// Quotes end the word, colons and brackets the description.
    private static func zshText(_ text: String) -> String {
        text.map { character in
            switch character {
            case "'": "'\\''"
            case ":", "[", "]": "\\\(character)"
            default: "\(character)"
            }
        }.joined()
    }

    private static let fishProfiles = "(path basename ~/.planet/*/)"

    private static func fishOption(_ option: OptionName, condition: String) -> String {
        let letter = option.letter.map { " -s \($0)" } ?? ""
        let values: String
        switch option {
        case .profile: values = " -x -a '\(fishProfiles)'"
        case .profileFile, .keyFile: values = " -r -F"
        case .noSave, .verbose, .help, .version, .format, .minimumLife, .rejected, .environment,
            .json, .login, .device, .open, .noOpen, .qrCode, .timeLimit, .all, .remote, .verify:
            let choices =
                option.choices.isEmpty ? "" : " -a '\(option.choices.joined(separator: " "))'"
            values = option.value == nil ? "" : " -x\(choices)"
        }
        return
            "complete -c planet-cred\(condition) -l \(option.rawValue)\(letter)\(values) -d '\(option.summary)'"
    }
}
