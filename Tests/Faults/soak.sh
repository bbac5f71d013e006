#!/usr/bin/env bash
# One of several processes that run random commands of planet-cred at the same time.
#
#   soak.sh NUMBER END
#
# NUMBER seeds the choice; END is when to stop, in seconds since 1970. Writes a line for each command
# into `~/log.NUMBER`: `ok`, `killed`, `server` if the server was not ready, or `FAILED` with what
# planet-cred said.
set -u
RANDOM=$1
log=~/log.$1
export PL_AUTH_USERNAME=alice@example.com PL_AUTH_PASSWORD='correct horse' PL_AUTH_PROFILE=member
folder=~/.planet/member
host=$(grep -o '127.0.0.1:[0-9]*' "$folder/auth_client.json" | head -1)
question() { printf 'protocol=http\nhost=%s\n%s\n' "$host" "${1:-}"; }

# Runs a command; from time to time it is killed.
attempt() {
    local status instant loggedOut=no
    [ -e ~/logged-out ] && loggedOut=yes
    if [ $((RANDOM % 8)) = 0 ] && [ "$2" != login ] && [ "$2" != logout ]; then
        instant=$(printf %03d $((RANDOM % 60)))
        timeout -s KILL "0.$instant" "$@" >~/out."$log_name" 2>~/err."$log_name"
    else
        "$@" >~/out."$log_name" 2>~/err."$log_name"
    fi
    status=$?
    [ -e ~/logged-out ] && loggedOut=yes
    case $status in
    0) echo "ok $*" ;;
    137) echo "killed $*" ;;
    69 | 75) echo "server $*" ;;
    77) if [ $loggedOut = yes ]; then echo "ok $* (logged out)"; else report "$status" "$@"; fi ;;
    *) report "$status" "$@" ;;
    esac >>"$log"
}

report() {
    local status=$1
    shift
    echo "FAILED $*: status $status: $(tr '\n' ' ' <~/err."$log_name")"
}

# Logs out and in again; nobody puts an older token file back meanwhile.
log_out_and_in() {
    flock 9
    touch ~/logged-out
    attempt planet-cred logout
    until planet-cred login >/dev/null 2>&1; do [ $EPOCHSECONDS -lt "$end" ] || break; done
    rm -f ~/logged-out
    flock -u 9
}

# Puts an older token file back, as a tool does that read it before a renewal and writes it after.
put_back() {
    flock 9
    if cp "$folder/token.json" ~/older."$log_name" 2>/dev/null; then
        attempt planet-cred token --rejected
        mv ~/older."$log_name" "$folder/token.json"
    fi
    flock -u 9
}

log_name=$1 end=$2
exec 9>~/soak.lock
while [ $EPOCHSECONDS -lt "$end" ]; do
    # Otherwise nothing would be renewed after the first few refusals.
    find "$folder" "$TMPDIR" "$XDG_RUNTIME_DIR" -name token.refused -delete 2>/dev/null
    case $((RANDOM % 40)) in
    0) log_out_and_in ;;
    1) flock 9; attempt planet-cred login; flock -u 9 ;;
    2 | 3) put_back ;;
    4 | 5 | 6) attempt planet-cred exec -- true ;;
    7 | 8) attempt planet-cred status ;;
    9 | 10 | 11 | 12) attempt planet-cred get < <(question) ;;
    13 | 14) attempt planet-cred erase < <(question "password=$(planet-cred token 2>/dev/null)
") ;;
    15 | 16 | 17 | 18 | 19 | 20 | 21) attempt planet-cred token --rejected ;;
    *) attempt planet-cred token ;;
    esac
done
