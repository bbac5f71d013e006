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
            if [[ $command == exec ]]; then
                program=$((i + 1))
                break
            fi
        elif [[ -z $ended && $word == -?* ]]; then
            used+=("${word%%=*}")
            case $word in
                --profile | --profile-file | --format | --min-ttl | --env | --key-file | --timeout | --host) option=$word ;;
            esac
        elif [[ -z $command ]]; then
            command=$word
        elif [[ $command == exec ]]; then
            program=$i
            break
        elif [[ $command =~ ^(profile)$ ]]; then
            command+=" $word"
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

    local profiles=(planet-user legacy) flags=() offers=() prefix=""
    for word in ~/.planet/*/; do
        word=${word%/} word=${word##*/}
        [[ -d ~/.planet/$word && " ${profiles[*]} " != *" $word "* ]] && profiles+=("$word")
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
            "")
                offers=(token header exec login logout status inspect doctor get store erase capability completions help version profile)
                flags=(--profile --profile-file --no-save -v --verbose -h --help --version --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks) ;;
            token) flags=(--format --min-ttl --rejected --hook --login --profile --profile-file --no-save -v --verbose -h --help --version) ;;
            header) flags=(--min-ttl --rejected --hook --login --profile --profile-file --no-save -v --verbose -h --help --version) ;;
            exec) flags=(--env --min-ttl --login --profile --profile-file --no-save -v --verbose -h --help --version) ;;
            login) offers=("${profiles[@]}") flags=(--device --open --no-open --qr --key-file --timeout --json --profile --profile-file -v --verbose -h --help --version) ;;
            logout) offers=("${profiles[@]}") flags=(--all --profile --profile-file -v --verbose -h --help --version) ;;
            status) offers=("${profiles[@]}") flags=(--all --host --json --profile --profile-file --no-save -v --verbose -h --help --version) ;;
            inspect) flags=(--json --remote --verify --profile --profile-file --no-save -v --verbose -h --help --version) ;;
            "profile use") offers=("${profiles[@]}") flags=(--profile --profile-file -v --verbose -h --help --version) ;;
            "profile check") offers=("${profiles[@]}") flags=(--json --profile --profile-file --no-save -v --verbose -h --help --version) ;;
            doctor) flags=(--locks --timeout --json --profile --profile-file -v --verbose -h --help --version) ;;
            get) flags=(--login --profile --profile-file --no-save -v --verbose -h --help --version) ;;
            store) flags=(--profile --profile-file --no-save -v --verbose -h --help --version) ;;
            erase) flags=(--profile --profile-file --no-save -v --verbose -h --help --version) ;;
            capability) flags=(--profile --profile-file --no-save -v --verbose -h --help --version) ;;
            completions) offers=(bash zsh fish) flags=(--profile --profile-file --no-save -v --verbose -h --help --version) ;;
            help) offers=(token header exec login logout status inspect doctor get store erase capability completions help version profile hosts) flags=(--profile --profile-file --no-save -v --verbose -h --help --version) ;;
            version) flags=(--profile --profile-file --no-save -v --verbose -h --help --version) ;;
            profile) offers=(use check) ;;
        esac
        # Do not offer what would be refused together with an option given already.
        for word in "${used[@]}"; do
            case $command$word in
                --profile) refused+=" profile --all" ;;
                --profile-file) refused+=" profile --all" ;;
                --no-save) refused+=" login logout doctor profile" ;;
                --verbose) refused+=" profile" ;;
                --help) refused+=" profile" ;;
                --version) refused+=" profile" ;;
                --format) refused+=" header exec login logout status inspect doctor get store erase capability completions help version profile" ;;
                --min-ttl) refused+=" login logout status inspect doctor get store erase capability completions help version profile" ;;
                --rejected) refused+=" exec login logout status inspect doctor get store erase capability completions help version profile --hook" ;;
                --hook) refused+=" exec login logout status inspect doctor get store erase capability completions help version profile --rejected" ;;
                --env) refused+=" token header login logout status inspect doctor get store erase capability completions help version profile" ;;
                --json) refused+=" token header exec logout get store erase capability completions help version profile" ;;
                --login) refused+=" login logout status inspect doctor store erase capability completions help version profile" ;;
                --device) refused+=" token header exec logout status inspect doctor get store erase capability completions help version profile" ;;
                --open) refused+=" token header exec logout status inspect doctor get store erase capability completions help version profile --no-open" ;;
                --no-open) refused+=" token header exec logout status inspect doctor get store erase capability completions help version profile --open" ;;
                --qr) refused+=" token header exec logout status inspect doctor get store erase capability completions help version profile" ;;
                --key-file) refused+=" token header exec logout status inspect doctor get store erase capability completions help version profile" ;;
                --timeout) refused+=" token header exec logout status inspect get store erase capability completions help version profile" ;;
                --all) refused+=" token header exec login inspect doctor get store erase capability completions help version profile --profile --profile-file --host" ;;
                --host) refused+=" token header exec login logout inspect doctor get store erase capability completions help version profile --all" ;;
                --remote) refused+=" token header exec login logout status doctor get store erase capability completions help version profile" ;;
                --verify) refused+=" token header exec login logout status doctor get store erase capability completions help version profile" ;;
                --locks) refused+=" token header exec login logout status inspect get store erase capability completions help version profile" ;;
                *--all) offers=() refused+=" --profile --profile-file --host" ;;
                *--profile) refused+=" --all" ;;
                *--profile-file) refused+=" --all" ;;
                *--host) refused+=" --all" ;;
                *--open) refused+=" --no-open" ;;
                *--no-open) refused+=" --open" ;;
                *--rejected) refused+=" --hook" ;;
                *--hook) refused+=" --rejected" ;;
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
