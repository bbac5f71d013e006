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
            local command="" option="" program="" ended="" operands=0
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
                    case $word in
                        \#(optionsWithValue.joined(separator: " | "))) option=$word ;;
                    esac
                elif [[ -z $command ]]; then
                    command=$word
                elif [[ $command == \#(exec) ]]; then
                    program=$i
                    break
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

            local profiles=() own=() offers=() prefix=""
            for word in ~/.planet/*/; do
                [[ -d $word ]] && word=${word%/} && profiles+=("${word##*/}")
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
                    "") offers=(\#(commandNames.joined(separator: " "))) ;;
        \#(bashCommands)
                esac
                [[ $operands -gt 0 ]] && offers=()
                # As in other shells, options are offered where nothing else can follow, or on a dash.
                [[ -z $ended && (${#offers[@]} -eq 0 || $typed == -*) ]] && offers+=("${own[@]}" \#(bashFlags(OptionSpecification.common)))
            fi
            for word in "${offers[@]}"; do
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

    /// A case for each command with its own options or operands.
    private static var bashCommands: String {
        CommandSpecification.shown.compactMap { command in
            var parts = command.operands.value.flatMap(bashOffers).map { [$0] } ?? []
            let own = command.options()
            if !own.isEmpty { parts.append("own=(\(bashFlags(own)))") }
            guard !parts.isEmpty else { return nil }
            return "            \(command.name)) \(parts.joined(separator: " ")) ;;"
        }.joined(separator: "\n")
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
