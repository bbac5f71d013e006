# bash completion for planet-cred; made by: planet-cred completions bash
_planet_cred() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command="" i words
    case $previous in
        --profile)
            words=$(cd ~/.planet 2>/dev/null && printf '%s\n' */ | tr -d /)
            COMPREPLY=($(compgen -W "$words" -- "$word")); return ;;
        --profile-file | --key-file) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --format) COMPREPLY=($(compgen -W "raw header json env curl netrc kubernetes" -- "$word")); return ;;
        completions) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")); return ;;
        help) COMPREPLY=($(compgen -W "token header exec login logout status inspect get store erase capability completions help version" -- "$word")); return ;;
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
        token) words="--format --min-ttl --rejected --login --profile --profile-file --no-save --verbose --help --version" ;;
        header) words="--min-ttl --rejected --login --profile --profile-file --no-save --verbose --help --version" ;;
        exec) words="--env --min-ttl --login --profile --profile-file --no-save --verbose --help --version" ;;
        login) words="--device --open --no-open --qr --key-file --timeout --json --profile --profile-file --no-save --verbose --help --version $(cd ~/.planet 2>/dev/null && printf '%s\n' */ | tr -d /)" ;;
        logout) words="--all --profile --profile-file --no-save --verbose --help --version $(cd ~/.planet 2>/dev/null && printf '%s\n' */ | tr -d /)" ;;
        status) words="--json --profile --profile-file --no-save --verbose --help --version" ;;
        inspect) words="--json --remote --verify --profile --profile-file --no-save --verbose --help --version" ;;
        get) words="--login --profile --profile-file --no-save --verbose --help --version" ;;
        store) words="--profile --profile-file --no-save --verbose --help --version" ;;
        erase) words="--profile --profile-file --no-save --verbose --help --version" ;;
        capability) words="--profile --profile-file --no-save --verbose --help --version" ;;
        completions) words="--profile --profile-file --no-save --verbose --help --version" ;;
        help) words="--profile --profile-file --no-save --verbose --help --version" ;;
        version) words="--profile --profile-file --no-save --verbose --help --version" ;;
        *) words="token header exec login logout status inspect get store erase capability completions help version --profile --profile-file --no-save --verbose --help --version" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _planet_cred planet-cred
