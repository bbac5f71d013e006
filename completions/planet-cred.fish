# fish completion for planet-cred; made by: planet-cred completions fish
function __planet_cred_profiles
    set -l names planet-user legacy
    for folder in ~/.planet/*/
        set -l name (path basename $folder)
        contains -- $name $names; or set -a names $name
    end
    string join \n -- $names
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
            case --profile --profile-file --format --min-ttl --env --key-file --timeout --host
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
    test "$operands[1..$(count $argv)]" = "$argv"
end

# The first operand of this command may follow.
function __planet_cred_wants
    set -l operands (__planet_cred_operands); and test "$operands" = "$argv"
end

# One of these options has been given. The words of a command line that exec is to run do
# not matter: no option is offered there.
function __planet_cred_used
    for word in (commandline -opc)[2..]
        contains -- (string split -m 1 = -- $word)[1] $argv; and return
    end
    return 1
end

function __planet_cred_program
    set -l operands (__planet_cred_operands)
    set -l line (string escape -- $operands[2..]) (commandline -ct)
    # An empty line cannot be given as -C"".
    complete --do-complete="$line"
end

complete -c planet-cred -f
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --env --json --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a token -d 'print a valid access token, or the API key'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --env --json --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a header -d 'print an Authorization header, as token --format header does'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --rejected --hook --json --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a exec -d 'run a command with the credential in its environment'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --no-save --format --min-ttl --rejected --hook --env --login --all --host --remote --verify --locks' -a login -d 'log in with a browser, device code, password or API key, as the profile says'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --no-save --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --host --remote --verify --locks' -a logout -d 'revoke the tokens at the server and delete them here'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --login --device --open --no-open --qr --key-file --timeout --remote --verify --locks' -a status -d 'show which profile is used, why, whose it is, and how long its token is valid'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --login --device --open --no-open --qr --key-file --timeout --all --host --locks' -a inspect -d 'show the claims of the cached token, but not the token itself'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --no-save --format --min-ttl --rejected --hook --env --login --device --open --no-open --qr --key-file --all --host --remote --verify' -a doctor -d 'check whether locks work between hosts that share this home'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a get -d 'answer git\'s request for a credential'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a store -d 'accept a credential from git and ignore it'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a erase -d 'drop the access token that git reports as rejected'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a capability -d 'tell git which protocol capabilities are supported'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a completions -d 'print a shell completion script'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a help -d 'show help for planet-cred, for one command, or about profiles or hosts'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a version -d 'print the version'
complete -c planet-cred -n '__planet_cred_wants ""; and not __planet_cred_used --format --min-ttl --rejected --hook --env --json --login --device --open --no-open --qr --key-file --timeout --all --host --remote --verify --locks' -a profile -d 'commands about a profile: use, check'
complete -c planet-cred -n '__planet_cred_wants profile' -a use -d 'make a profile your default, for Planet\'s tools too'
complete -c planet-cred -n '__planet_cred_wants profile' -a check -d 'find out what is wrong with a profile'
complete -c planet-cred -n 'not __planet_cred_at program; and not __planet_cred_used --all' -l profile -x -a '(__planet_cred_profiles)' -d 'use this profile from ~/.planet'
complete -c planet-cred -n 'not __planet_cred_at program; and not __planet_cred_used --all' -l profile-file -r -F -d 'read the profile from a file, or from standard input (-)'
complete -c planet-cred -n 'not __planet_cred_at program; and not __planet_cred_at login; and not __planet_cred_at logout; and not __planet_cred_at profile use; and not __planet_cred_at doctor' -l no-save -d 'keep everything in memory; do not read or write the home directory'
complete -c planet-cred -n 'not __planet_cred_at program' -l verbose -o v -d 'show every step on standard error, without secrets'
complete -c planet-cred -n 'not __planet_cred_at program' -l help -o h -d 'show help for the command and exit'
complete -c planet-cred -n 'not __planet_cred_at program' -l version -d 'print the version and exit'
complete -c planet-cred -n '__planet_cred_at token' -l format -x -a 'raw header json env curl netrc kubernetes' -d 'output format'
complete -c planet-cred -n '__planet_cred_at token' -l min-ttl -x -d 'require a token that is valid for more than this many seconds'
complete -c planet-cred -n '__planet_cred_at token; and not __planet_cred_used --hook' -l rejected -d 'get a new token, because a server has rejected the last one'
complete -c planet-cred -n '__planet_cred_at token; and not __planet_cred_used --rejected' -l hook -d 'get another token if the same program asks twice in a minute'
complete -c planet-cred -n '__planet_cred_at token' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_at header' -l min-ttl -x -d 'require a token that is valid for more than this many seconds'
complete -c planet-cred -n '__planet_cred_at header; and not __planet_cred_used --hook' -l rejected -d 'get a new token, because a server has rejected the last one'
complete -c planet-cred -n '__planet_cred_at header; and not __planet_cred_used --rejected' -l hook -d 'get another token if the same program asks twice in a minute'
complete -c planet-cred -n '__planet_cred_at header' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_at exec' -l env -x -d 'set another variable; {token}, {authorization}, {expires_at} and {profile} are replaced'
complete -c planet-cred -n '__planet_cred_at exec' -l min-ttl -x -d 'require a token that is valid for more than this many seconds'
complete -c planet-cred -n '__planet_cred_at exec' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_wants exec; or __planet_cred_at program' -a '(__planet_cred_program)'
complete -c planet-cred -n '__planet_cred_at login' -l device -d 'log in with a code that is entered on any device'
complete -c planet-cred -n '__planet_cred_at login; and not __planet_cred_used --no-open' -l open -d 'open a browser even with --json'
complete -c planet-cred -n '__planet_cred_at login; and not __planet_cred_used --open' -l no-open -d 'print the URL and do not open a browser'
complete -c planet-cred -n '__planet_cred_at login' -l qr -d 'also show the URL as a QR code (requires qrencode)'
complete -c planet-cred -n '__planet_cred_at login' -l key-file -r -F -d 'read the API key from a file, or from standard input (-)'
complete -c planet-cred -n '__planet_cred_at login' -l timeout -x -d 'how long to wait; the default is 300 for login, 60 for doctor'
complete -c planet-cred -n '__planet_cred_at login' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_wants login' -a '(__planet_cred_profiles)'
complete -c planet-cred -n '__planet_cred_wants logout; and not __planet_cred_used --profile --profile-file --host' -l all -d 'show every profile, or log out of every one that has a token file'
complete -c planet-cred -n '__planet_cred_wants logout; and not __planet_cred_used --all' -a '(__planet_cred_profiles)'
complete -c planet-cred -n '__planet_cred_wants status; and not __planet_cred_used --profile --profile-file --host' -l all -d 'show every profile, or log out of every one that has a token file'
complete -c planet-cred -n '__planet_cred_at status; and not __planet_cred_used --all' -l host -x -d 'show which profile git would use for this host, and why not the others'
complete -c planet-cred -n '__planet_cred_at status' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_wants status; and not __planet_cred_used --all' -a '(__planet_cred_profiles)'
complete -c planet-cred -n '__planet_cred_at inspect' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_at inspect' -l remote -d 'also ask the server whether the token is valid'
complete -c planet-cred -n '__planet_cred_at inspect' -l verify -d 'verify signature, issuer, audience and times with the keys of the server'
complete -c planet-cred -n '__planet_cred_wants profile use' -a '(__planet_cred_profiles)'
complete -c planet-cred -n '__planet_cred_at profile check' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_wants profile check' -a '(__planet_cred_profiles)'
complete -c planet-cred -n '__planet_cred_at doctor' -l locks -d 'check, with a second process on another host, that locks are shared'
complete -c planet-cred -n '__planet_cred_at doctor' -l timeout -x -d 'how long to wait; the default is 300 for login, 60 for doctor'
complete -c planet-cred -n '__planet_cred_at doctor' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_at get' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_wants completions' -a 'bash zsh fish'
complete -c planet-cred -n '__planet_cred_wants help' -a 'token header exec login logout status inspect doctor get store erase capability completions help version profile hosts'
complete -c planet-cred -n '__planet_cred_at ""' -l format -x -a 'raw header json env curl netrc kubernetes' -d 'output format'
complete -c planet-cred -n '__planet_cred_at ""' -l min-ttl -x -d 'require a token that is valid for more than this many seconds'
complete -c planet-cred -n '__planet_cred_at ""; and not __planet_cred_used --hook' -l rejected -d 'get a new token, because a server has rejected the last one'
complete -c planet-cred -n '__planet_cred_at ""; and not __planet_cred_used --rejected' -l hook -d 'get another token if the same program asks twice in a minute'
complete -c planet-cred -n '__planet_cred_at ""' -l env -x -d 'set another variable; {token}, {authorization}, {expires_at} and {profile} are replaced'
complete -c planet-cred -n '__planet_cred_at ""' -l json -d 'print JSON, for programs'
complete -c planet-cred -n '__planet_cred_at ""' -l login -d 'log in first if that is needed and there is a terminal'
complete -c planet-cred -n '__planet_cred_at ""' -l device -d 'log in with a code that is entered on any device'
complete -c planet-cred -n '__planet_cred_at ""; and not __planet_cred_used --no-open' -l open -d 'open a browser even with --json'
complete -c planet-cred -n '__planet_cred_at ""; and not __planet_cred_used --open' -l no-open -d 'print the URL and do not open a browser'
complete -c planet-cred -n '__planet_cred_at ""' -l qr -d 'also show the URL as a QR code (requires qrencode)'
complete -c planet-cred -n '__planet_cred_at ""' -l key-file -r -F -d 'read the API key from a file, or from standard input (-)'
complete -c planet-cred -n '__planet_cred_at ""' -l timeout -x -d 'how long to wait; the default is 300 for login, 60 for doctor'
complete -c planet-cred -n '__planet_cred_at ""; and not __planet_cred_used --profile --profile-file --host' -l all -d 'show every profile, or log out of every one that has a token file'
complete -c planet-cred -n '__planet_cred_at ""; and not __planet_cred_used --all' -l host -x -d 'show which profile git would use for this host, and why not the others'
complete -c planet-cred -n '__planet_cred_at ""' -l remote -d 'also ask the server whether the token is valid'
complete -c planet-cred -n '__planet_cred_at ""' -l verify -d 'verify signature, issuer, audience and times with the keys of the server'
complete -c planet-cred -n '__planet_cred_at ""' -l locks -d 'check, with a second process on another host, that locks are shared'
