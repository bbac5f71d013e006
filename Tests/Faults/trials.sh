#!/usr/bin/env bash
# Runs one flow of planet-cred again and again, and at each of its system calls kills it or makes the
# call fail; then looks whether the next command works and the login is alive.
#
#   trials.sh FLOW PROGRAM STEP
#
# FLOW is a function `act_...` below. PROGRAM, whose calls they are, is `own` or `curl`. Of all trials
# every STEP-th is run. The home has the profiles `service` and `member`, and a server that knows
# both. Prints one line for each failure, and one with the counts at the end.
set -u
flow=$1 program=$2 step=$3
trials=0 failures=0 lost=0
export PL_AUTH_USERNAME=alice@example.com PL_AUTH_PASSWORD='correct horse'
case $flow in
cached | cold | login | get | erase) export PL_AUTH_PROFILE=service ;;
*) export PL_AUTH_PROFILE=member ;;
esac
folder=~/.planet/$PL_AUTH_PROFILE
host=$(grep -o '127.0.0.1:[0-9]*' "$folder/auth_client.json" | head -1)

# What the flow finds, and what it does.
set_time() { sed -i -E "s/(\"received_at\": )[0-9]+/\\1$1/; s/(\"_exp\": )[0-9]+/\\1$(($1 + 3600))/" "$folder/token.json"; }
spend() { set_time 1000000000; }
ready() { forget_refusals; planet-cred token >/dev/null 2>&1 || log_in; }
# Each of them would be one of many in a row.
forget_refusals() { find "$folder" "$TMPDIR" "$XDG_RUNTIME_DIR" -name token.refused -delete 2>/dev/null; }
log_in() { rm -f "$folder/token.backoff"; planet-cred login >/dev/null 2>&1; }
question() { printf 'protocol=http\nhost=%s\n%s\n' "$host" "${1:-}"; }

prepare_cached() { ready; }
act_cached() { "$@" planet-cred token; }
prepare_cold() { rm -f "$folder/token.json"; }
act_cold() { "$@" planet-cred token; }
prepare_refresh() { ready; spend; }
act_refresh() { "$@" planet-cred token; }
prepare_background() { ready; set_time $((EPOCHSECONDS - 3000)); }
act_background() { "$@" planet-cred renew; }
prepare_login() { :; }
act_login() { "$@" planet-cred login; }
prepare_relogin() { ready; }
act_relogin() { "$@" planet-cred login; }
prepare_logout() { ready; }
act_logout() { "$@" planet-cred logout; }
prepare_get() { ready; }
act_get() { question | "$@" planet-cred get; }
prepare_erase() { ready; }
act_erase() { question "password=$(planet-cred token 2>/dev/null)
" | "$@" planet-cred erase; }

# The errors with which a call is made to fail; `close` is not, because the descriptor would stay open.
# Without memory the language itself ends a program.
errors() {
    case $1 in
    openat) echo EACCES EMFILE EIO ENOSPC ;;
    read | pread64 | getdents64) echo EIO EINTR ;;
    write | pwrite64) echo EIO ENOSPC EINTR ;;
    fsync | ftruncate | newfstatat | fstat | lseek) echo EIO ;;
    fallocate) echo ENOSPC EINTR ;;
    rename | link | linkat) echo EIO ENOSPC ;;
    unlink | mkdir) echo EACCES ;;
    flock) echo EINTR ENOLCK ;;
    fcntl) echo EINTR EACCES ;;
    clone | clone3 | vfork) echo EAGAIN ENOMEM ;;
    pipe | pipe2 | memfd_create | socket | pidfd_open) echo EMFILE ;;
    poll | ppoll | wait4 | nanosleep | clock_nanosleep | recvfrom | sendto) echo EINTR ;;
    connect) echo ECONNREFUSED ;;
    esac
}

# Lines `CALL NUMBER`, in order, of the trace of one run; from the moment at which the program itself
# has begun: before that it is the system's.
calls() {
    awk -v begin="$1" '
        match($0, /^[a-z0-9_]+\(/) {
            name = substr($0, 1, RLENGTH - 1)
            count[name]++
            if (index($0, begin)) begun = 1
            if (begun && name != "execve") print name, count[name]
        }' "$2"
}

# Whether a curl of this trial has sent its request and not written the whole answer, a JSON object.
# This server takes no refresh token twice.
lost_an_answer() {
    local trace
    [ $program = curl ] || return
    for trace in ~/trial.*; do
        if grep -q '^sendto(.*) *= [^-]' "$trace" && ! grep -q '^write(1, .*}", [0-9]*) *= [0-9]' "$trace"; then
            return 0
        fi
    done
    return 1
}

fail() {
    failures=$((failures + 1))
    printf 'FAILED %s, %s call %s %s with %s: %s\n' "$flow" "$program" "$call" "$number" "$fault" "$1"
    sed 's/^/    /' ~/err | head -4
}

# Whether the refresh token that is kept is good.
is_alive() {
    [ "$PL_AUTH_PROFILE" = member ] || return 0
    spend && planet-cred token >/dev/null 2>~/err
}

check_result() {
    case $1 in
    0) ;;
    1 | 69 | 75 | 78)
        grep -q '^planet-cred: error: ' ~/err || fail "status $1 without a message"
        [ ! -s ~/out ] || [ "$flow" = logout ] || fail "status $1 with output"
        ;;
    77) [ "$flow" = logout ] || lost_an_answer || fail "a login is required" ;;
    137) [ "$fault" = signal=KILL ] || fail "killed" ;;
    124) fail "it hangs" ;;
    *) fail "status $1" ;;
    esac
}

check_next() {
    local status
    timeout 20 planet-cred token >~/out 2>~/err
    status=$?
    if [ $status = 75 ] && grep -q 'next attempt not before' ~/err; then
        rm -f "$folder/token.backoff"
        timeout 20 planet-cred token >~/out 2>~/err
        status=$?
    fi
    if [ "$flow" = logout ]; then
        [ $status = 0 ] || [ $status = 77 ] || fail "the next command: status $status"
        timeout 20 planet-cred logout >~/out 2>~/err || fail "the next logout: status $?"
        log_in
    elif [ $status != 0 ] || ! is_alive; then
        if lost_an_answer; then
            lost=$((lost + 1))
        else
            fail "the login is lost, or the next command fails: status $status"
        fi
        log_in
    fi
}

run_trial() {
    local status
    trials=$((trials + 1))
    "prepare_$flow"
    if [ $program = own ]; then
        "act_$flow" timeout 20 strace -o /dev/null -e "trace=$call" \
            -e "inject=$call:$fault:when=$number" >~/out 2>~/err
    else
        rm -f ~/trial.*
        echo "-s 9999 -e trace=sendto,write,$call -e inject=$call:$fault:when=$number" >~/inject
        PLANET_CRED_CURL=~/curl "act_$flow" timeout 20 >~/out 2>~/err
    fi
    status=$?
    check_result $status
    check_next
}

log_in
"prepare_$flow"
if [ $program = own ]; then
    "act_$flow" strace -o ~/trace >/dev/null 2>&1
    begin='prctl(PR_SET_DUMPABLE'
else
    # The last request of the flow is the one that counts.
    printf '#!/bin/sh\nread -r words <"$HOME/inject"\nexec strace -o "$HOME/trial.$$" $words curl "$@"\n' >~/curl
    chmod 755 ~/curl
    echo >~/inject
    PLANET_CRED_CURL=~/curl "act_$flow" env >/dev/null 2>&1
    mv "$(ls -t ~/trial.* | head -1)" ~/trace
    begin='read(0, '
fi

position=0
while read -r -u 3 call number; do
    for fault in signal=KILL $(errors "$call" | sed 's/[A-Z]*/error=&/g'); do
        position=$((position + 1))
        [ $((position % step)) = 0 ] || continue
        run_trial
    done
done 3< <(calls "$begin" ~/trace)

# What is left behind is gone a minute later; answers are few.
find "$folder" ~/.cache -type f -name '*.new*' -exec touch -d '2 minutes ago' {} +
ready
forget_refusals
planet-cred token --rejected >/dev/null 2>&1
find ~/.planet ~/.cache -type f \( -name '*.new*' -o -name 'token.id.*' -o -name login.room -o \
    -name '*.json.*' -o -name 'core*' \) | sed "s/^/FAILED $flow, left behind: /"
count=$(find "$folder" -type f | wc -l)
[ "$count" -le 40 ] || echo "FAILED $flow: $count files are left"
echo "$flow, calls of $program: $trials trials, $failures failures, $lost answers lost on the way"
