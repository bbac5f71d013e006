extension Completions {
    static var bash: String {
        #"""
        # bash completion for planet-cred; made by: planet-cred completions bash
        _planet_cred() {
            local words=() starts=() word i last
            # Bash splits a word at '=', ':' and '@' too.
            for ((i = 1; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if [[ $i -gt 1 && -n $word && "${COMP_WORDS[i-1]} $word" =~ (^[=:@]+ | [=:@]+$) ]]; then
                    words[-1]+=$word
                else
                    words+=("$word") starts+=("$i")
                fi
            done
            # What is typed of the word to complete, and the part of it that bash does not replace.
            last=$((${#words[@]} - 1))
            local typed=${words[last]} kept
            word=${COMP_WORDS[COMP_CWORD]}
            [[ $word =~ ^[=:@]+$ ]] && kept=$typed || kept=${typed%"$word"}

            # Read the words before it as planet-cred does.
            local command="" option="" program="" ended="" operands=0 used=() refused=""
            for ((i = 0; i < last; i++)); do
                word=${words[i]}
                if [[ -n $option ]]; then
                    option=""
                elif [[ -z $ended && $word == -- ]]; then
                    ended=yes
                    if [[ $command == \#(exec) ]]; then
                        program=$((i + 1))
                        break
                    fi
                elif [[ -z $ended && $word == -?* ]]; then
                    used+=("${word%%=*}")
                    case $word in
                        \#(optionsWithValue.joined(separator: " | "))) option=$word ;;
                    esac
                elif [[ -z $command ]]; then
                    command=$word
                elif [[ $command == \#(exec) ]]; then
                    program=$i
                    break
                elif [[ $command =~ ^(\#(CommandSpecification.groups.joined(separator: "|")))$ ]]; then
                    command+=" $word"
                else
                    operands=$((operands + 1))
                fi
            done
            if [[ $command == \#(exec) && -z $program$option && $typed != -* ]]; then
                program=$last
            fi

            if [[ -n $program ]]; then
                if declare -F _command_offset >/dev/null; then
                    _command_offset "${starts[program]}"
                elif [[ $program -lt $last || $typed == */* ]]; then
                    compopt -o default
                else
                    mapfile -t COMPREPLY < <(compgen -c -- "$typed")
                fi
                return
            fi

            local profiles=(\#(builtInProfiles.joined(separator: " "))) flags=() offers=() prefix=""
            for word in ~/.planet/*/; do
                word=${word%/} word=${word##*/}
                [[ -d ~/.planet/$word && " ${profiles[*]} " != *" $word "* ]] && profiles+=("$word")
            done
            if [[ -z $option$ended && $typed == --*=* ]]; then
                option=${typed%%=*} prefix=$option=
            fi
            if [[ -n $option ]]; then
                case $option in
        \#(bashValues)
                esac
            else
                case $command in
                    "")
                        offers=(\#(commandNames.joined(separator: " ")))
                        flags=(\#(bashFlags(OptionSpecification.common + ownOptions))) ;;
        \#(bashCommands)
                esac
                # Do not offer what would be refused together with an option given already.
                for word in "${used[@]}"; do
                    case $command$word in
        \#(bashExclusions)
                    esac
                done
                [[ $operands -gt 0 ]] && offers=() refused+=" --all"
                # As in other shells, options are offered where nothing else can follow, or on a dash.
                [[ -z $ended && (${#offers[@]} -eq 0 || $typed == -*) ]] && offers+=("${flags[@]}")
            fi
            for word in "${offers[@]}"; do
                [[ " $refused " == *" $word "* ]] && continue
                word=$prefix$word
                [[ $word == "$typed"* ]] && COMPREPLY+=("${word#"$kept"}")
            done
        }
        complete -F _planet_cred planet-cred

        """#
    }

    /// A case for each option whose value bash can complete.
    private static var bashValues: String {
        OptionSpecification.rows.compactMap { option in
            option.value.flatMap(bashOffers).map { "            --\(option.name)) \($0) ;;" }
        }.joined(separator: "\n")
    }

    /// A case for each command.
    private static var bashCommands: String {
        CommandSpecification.shown.map { command in
            let offers = command.operands.value.flatMap(bashOffers).map { "\($0) " } ?? ""
            let flags = "flags=(\(bashFlags(command.offeredOptions)))"
            let name = command.name.contains(" ") ? "\"\(command.name)\"" : command.name
            return "            \(name)) \(offers)\(flags) ;;"
        }.joined(separator: "\n") + "\n" + bashGroups
    }

    private static var bashGroups: String {
        CommandSpecification.groups.map { group in
            let words = secondWords(group).map { $0.word }.joined(separator: " ")
            return "            \(group)) offers=(\(words)) ;;"
        }.joined(separator: "\n")
    }

    /// The cases that exclude words: before a command, the commands that do not take an option;
    /// later, the options that cannot be used together with it.
    private static var bashExclusions: String {
        let early = OptionSpecification.rows.compactMap { option -> String? in
            let takers = CommandSpecification.shown.filter { !$0.refusedOptions.contains(option) }
            let others = commandNames.filter { name in !takers.contains { $0.name == name } }
            let refused = others + refused(beside: option).map { "--\($0.name)" }
            guard !refused.isEmpty else { return nil }
            let words = refused.joined(separator: " ")
            return "                --\(option.name)) refused+=\" \(words)\" ;;"
        }
        let late = exclusions.map { option, refused in
            let operands = option == .all ? "offers=() " : ""
            let words = refused.map { "--\($0.name)" }.joined(separator: " ")
            return "                *--\(option.name)) \(operands)refused+=\" \(words)\" ;;"
        }
        return (early + late).joined(separator: "\n")
    }

    private static func bashOffers(_ value: ValueSpecification) -> String? {
        switch value {
        case .text: nil
        case .profile: #"offers=("${profiles[@]}")"#
        // Readline completes paths better.
        case .path: "compopt -o default; return"
        case .choice(_, let words): "offers=(\(words().joined(separator: " ")))"
        }
    }

    private static func bashFlags(_ options: [OptionSpecification]) -> String {
        options.map { option in
            (option.letter.map { "-\($0) " } ?? "") + "--\(option.name)"
        }.joined(separator: " ")
    }
}
