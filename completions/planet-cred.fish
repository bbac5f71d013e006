# fish completion for planet-cred; made by: planet-cred completions fish
function __planet_cred_profiles
    for folder in ~/.planet/*/
        path basename $folder
    end
end

# Reads the words before the cursor as planet-cred does. Prints the command and its operands,
# or 'program' and the words of the command line that exec is to run. Fails where the value of
# an option is due.
function __planet_cred_operands
    set -l words (commandline -opc)
    set -l operands
    set -l due operand
    while set -e words[1]; and set -q words[1]
        switch $words[1]
            case --profile --profile-file --format --min-ttl --env --key-file --timeout
                set -e words[1]
                set -q words[1]; or set due value
            case --
                if test "$operands[1]" = exec
                    set operands program $words[2..]
                else
                    set -a operands $words[2..]
                end
                break
            case '-*'
            case '*'
                if test "$operands[1]" = exec
                    set operands program $words
                    break
                end
                set -a operands $words[1]
        end
    end
    string join \n -- $operands
    test $due = operand
end

# An option of this command may follow.
function __planet_cred_at
    set -l operands (__planet_cred_operands)
    test "$operands[1]" = "$argv"
end

# The first operand of this command may follow.
function __planet_cred_wants
    set -l operands (__planet_cred_operands); and test "$operands" = "$argv"
end

# The value of this option follows, before any command.
function __planet_cred_due
    set -l words (commandline -opc)
    test "$words[-1]" = "$argv"; and __planet_cred_at ""
end

function __planet_cred_program
    set -l operands (__planet_cred_operands)
    set -l line $operands[2..] (commandline -ct)
    complete -C"$line"
end

complete -c planet-cred -f
complete -c planet-cred -n '__planet_cred_wants ""' -a token -d 'print a valid access token, or the API key'
complete -c planet-cred -n '__planet_cred_wants ""' -a header -d 'print an Authorization header, as token --format header does'
complete -c planet-cred -n '__planet_cred_wants ""' -a exec -d 'run a command with the credential in its environment'
complete -c planet-cred -n '__planet_cred_wants ""' -a login -d 'log in with a browser, device code, password or API key, as the profile says'
complete -c planet-cred -n '__planet_cred_wants ""' -a logout -d 'revoke the tokens at the server and delete them here'
complete -c planet-cred -n '__planet_cred_wants ""' -a status -d 'show which profile is used, why, and how long its token is valid'
complete -c planet-cred -n '__planet_cred_wants ""' -a inspect -d 'show the claims of the cached token, but not the token itself'
complete -c planet-cred -n '__planet_cred_wants ""' -a doctor -d 'check whether locks work between hosts that share this home'
complete -c planet-cred -n '__planet_cred_wants ""' -a get -d 'answer git\'s request for a credential'
complete -c planet-cred -n '__planet_cred_wants ""' -a store -d 'accept a credential from git and ignore it'
complete -c planet-cred -n '__planet_cred_wants ""' -a erase -d 'drop the access token that git reports as rejected'
complete -c planet-cred -n '__planet_cred_wants ""' -a capability -d 'tell git which protocol capabilities are supported'
complete -c planet-cred -n '__planet_cred_wants ""' -a completions -d 'print a shell completion script'
complete -c planet-cred -n '__planet_cred_wants ""' -a help -d 'show help for planet-cred or for one command'
complete -c planet-cred -n '__planet_cred_wants ""' -a version -d 'print the version'
complete -c planet-cred -n 'not __planet_cred_at program' -l profile -x -a '(__planet_cred_profiles)' -d 'use this profile from ~/.planet'
complete -c planet-cred -n 'not __planet_cred_at program' -l profile-file -r -F -d 'read the profile from a file, or from standard input (-)'
complete -c planet-cred -n 'not __planet_cred_at program' -l no-save -d 'keep everything in memory; do not read or write the home directory'
complete -c planet-cred -n 'not __planet_cred_at program' -l verbose -o v -d 'show every step on standard error, without secrets'
complete -c planet-cred -n 'not __planet_cred_at program' -l help -o h -d 'show help for the command and exit'
complete -c planet-cred -n 'not __planet_cred_at program' -l version -d 'print the version and exit'
complete -c planet-cred -n '__planet_cred_at token' -l format -x -a 'raw header json env curl netrc kubernetes' -d 'output format'
complete -c planet-cred -n '__planet_cred_at token' -l min-ttl -x -d 'require a token that is valid for more than this many seconds'
complete -c planet-cred -n '__planet_cred_at token' -l rejected -d 'get a new token, because a server has rejected the last one'
complete -c planet-cred -n '__planet_cred_at token' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_at header' -l min-ttl -x -d 'require a token that is valid for more than this many seconds'
complete -c planet-cred -n '__planet_cred_at header' -l rejected -d 'get a new token, because a server has rejected the last one'
complete -c planet-cred -n '__planet_cred_at header' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_at exec' -l env -x -d 'set another variable; {token}, {authorization}, {expires_at} and {profile} are replaced'
complete -c planet-cred -n '__planet_cred_at exec' -l min-ttl -x -d 'require a token that is valid for more than this many seconds'
complete -c planet-cred -n '__planet_cred_at exec' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_wants exec; or __planet_cred_at program' -a '(__planet_cred_program)'
complete -c planet-cred -n '__planet_cred_at login' -l device -d 'log in with a code that is entered on any device'
complete -c planet-cred -n '__planet_cred_at login' -l open -d 'open a browser even with --json'
complete -c planet-cred -n '__planet_cred_at login' -l no-open -d 'print the URL and do not open a browser'
complete -c planet-cred -n '__planet_cred_at login' -l qr -d 'also show the URL as a QR code (requires qrencode)'
complete -c planet-cred -n '__planet_cred_at login' -l key-file -r -F -d 'read the API key from a file, or from standard input (-)'
complete -c planet-cred -n '__planet_cred_at login' -l timeout -x -d 'how long to wait; the default is 300 for login, 60 for doctor'
complete -c planet-cred -n '__planet_cred_at login' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_wants login' -a '(__planet_cred_profiles)'
complete -c planet-cred -n '__planet_cred_at logout' -l all -d 'log out of every profile that has a token file'
complete -c planet-cred -n '__planet_cred_wants logout' -a '(__planet_cred_profiles)'
complete -c planet-cred -n '__planet_cred_at status' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_at inspect' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_at inspect' -l remote -d 'also ask the server whether the token is valid'
complete -c planet-cred -n '__planet_cred_at inspect' -l verify -d 'verify signature, issuer, audience and times with the keys of the server'
complete -c planet-cred -n '__planet_cred_at doctor' -l locks -d 'check, with a second process on another host, that locks are shared'
complete -c planet-cred -n '__planet_cred_at doctor' -l timeout -x -d 'how long to wait; the default is 300 for login, 60 for doctor'
complete -c planet-cred -n '__planet_cred_at doctor' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_at get' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_wants completions' -a 'bash zsh fish'
complete -c planet-cred -n '__planet_cred_wants help' -a 'token header exec login logout status inspect doctor get store erase capability completions help version'
complete -c planet-cred -n '__planet_cred_due --format' -a 'raw header json env curl netrc kubernetes'
complete -c planet-cred -n '__planet_cred_due --key-file' -F
