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
            if [[ $command == exec ]]; then
                program=$((i + 1))
                break
            fi
        elif [[ -z $ended && $word == -?* ]]; then
            case $word in
                --profile | --profile-file | --format | --min-ttl | --env | --key-file | --timeout) option=$word ;;
            esac
        elif [[ -z $command ]]; then
            command=$word
        elif [[ $command == exec ]]; then
            program=$i
            break
        else
            operands=$((operands + 1))
        fi
    done
    if [[ $command == exec && -z $program$option && $typed != -* ]]; then
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
            --profile) offers=("${profiles[@]}") ;;
            --profile-file) compopt -o default; return ;;
            --format) offers=(raw header json env curl netrc kubernetes) ;;
            --key-file) compopt -o default; return ;;
        esac
    else
        case $command in
            "") offers=(token header exec login logout status inspect doctor get store erase capability completions help version) ;;
            token) own=(--format --min-ttl --rejected --login) ;;
            header) own=(--min-ttl --rejected --login) ;;
            exec) own=(--env --min-ttl --login) ;;
            login) offers=("${profiles[@]}") own=(--device --open --no-open --qr --key-file --timeout --json) ;;
            logout) offers=("${profiles[@]}") own=(--all) ;;
            status) own=(--json) ;;
            inspect) own=(--json --remote --verify) ;;
            doctor) own=(--locks --timeout --json) ;;
            get) own=(--login) ;;
            completions) offers=(bash zsh fish) ;;
            help) offers=(token header exec login logout status inspect doctor get store erase capability completions help version) ;;
        esac
        [[ $operands -gt 0 ]] && offers=()
        # As in other shells, options are offered where nothing else can follow, or on a dash.
        [[ -z $ended && (${#offers[@]} -eq 0 || $typed == -*) ]] && offers+=("${own[@]}" --profile --profile-file --no-save -v --verbose -h --help --version)
    fi
    for word in "${offers[@]}"; do
        word=$prefix$word
        [[ $word == "$typed"* ]] && COMPREPLY+=("${word#"$kept"}")
    done
}
complete -F _planet_cred planet-cred
