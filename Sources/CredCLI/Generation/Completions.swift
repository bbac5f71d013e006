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
        CommandSpecification.shown.map { $0.name }
    }
    private static var shellNames: [String] { Shell.allCases.map { $0.rawValue } }

    private static var bash: String {
        let profiles = "$(cd ~/.planet 2>/dev/null && printf '%s\\n' */ | tr -d /)"
        let cases = CommandSpecification.shown.map { command in
            let operands = command.operands.isProfile ? " \(profiles)" : ""
            return "        \(command.name)) words=\"\(flags(command))\(operands)\" ;;"
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
                    --format) COMPREPLY=($(compgen -W "\((OptionSpecification.format.value?.choices ?? []).joined(separator: " "))" -- "$word")); return ;;
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
                    *) words="\((commandNames + OptionSpecification.common.map { "--\($0.name)" }).joined(separator: " "))" ;;
                esac
                COMPREPLY=($(compgen -W "$words" -- "$word"))
            }
            complete -F _planet_cred planet-cred

            """
    }

    private static var zsh: String {
        let commands = CommandSpecification.shown.map { command in
            "        '\(command.name):\(zshText(command.summary))'"
        }.joined(separator: "\n")
        let cases = CommandSpecification.shown.map { command in
            var specifications = command.options().map(zshOption)
            switch command.operands {
            case .none, .optional(.text), .optional(.path), .required(.text), .required(.path),
                .required(.profile):
                break
            case .optional(.profile): specifications.append("'1:profile:_planet_cred_profiles'")
            case .optional(.choice(_, let words)):
                specifications.append("'1:command:(\(words().joined(separator: " ")))'")
            case .required(.choice(_, let words)):
                specifications.append("'1:shell:(\(words().joined(separator: " ")))'")
            case .program: specifications.append("'*::command:_normal'")
            }
            let arguments = (["$common"] + specifications).joined(separator: " ")
            return "        \(command.name)) _arguments \(arguments) ;;"
        }.joined(separator: "\n")
        let common = OptionSpecification.common.map { "        \(zshOption($0))" }
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
                "complete -c planet-cred -n __fish_use_subcommand -a \(command.name) -d '\(command.summary.split(separator: "'").joined(separator: "\\'"))'"
            )
        }
        lines += OptionSpecification.common.map { fishOption($0, condition: "") }
        for command in CommandSpecification.shown {
            let condition = " -n '__fish_seen_subcommand_from \(command.name)'"
            lines += command.options().map { fishOption($0, condition: condition) }
            if command.operands.isProfile {
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
        (command.options() + OptionSpecification.common).map { "--\($0.name)" }.joined(
            separator: " ")
    }

    private static func zshOption(_ option: OptionSpecification) -> String {
        let name = option.letter.map {
            "'(-\($0) --\(option.name))'{-\($0),--\(option.name)}"
        }
        let value = option.value.map { _ in ":value:\(zshValues(option))" } ?? ""
        let star = option.isRepeatable ? "*" : ""
        let text = "[\(zshText(option.summary))]\(value)'"
        return name.map { "\($0)'\(text)" } ?? "'\(star)--\(option.name)\(text)"
    }

    private static func zshValues(_ option: OptionSpecification) -> String {
        switch option.value {
        case .choice(_, let words)?: "(\(words().joined(separator: " ")))"
        case .profile?: "_planet_cred_profiles"
        case .path?: "_files"
        case .text?, nil: ""
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

    private static func fishOption(_ option: OptionSpecification, condition: String) -> String {
        let letter = option.letter.map { " -s \($0)" } ?? ""
        let values =
            switch option.value {
            case .profile?: " -x -a '\(fishProfiles)'"
            case .path?: " -r -F"
            case .choice(_, let words)?: " -x -a '\(words().joined(separator: " "))'"
            case .text?: " -x"
            case nil: ""
            }
        return
            "complete -c planet-cred\(condition) -l \(option.name)\(letter)\(values) -d '\(option.summary)'"
    }
}
