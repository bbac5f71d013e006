extension CommandSpecification {
    /// Examples of how the command is used, as typed in a shell.
    package var examples: [String] {
        Self.exampleRows.first { $0.command == name }?.lines ?? []
    }

    /// The examples of all commands, for help and manual.
    private static let exampleRows: [(command: String, lines: [String])] = [
        (
            "token",
            [
                "planet-cred token",
                "planet-cred token --profile farm --min-ttl 1800",
                "planet-cred token --format curl | curl --config - https://api.planet.com/",
                "planet-cred token --rejected    # after status 401",
            ]
        ),
        (
            "header",
            [
                "planet-cred header | curl -H @- https://api.planet.com/",
                "planet-cred header --profile farm >header.txt",
            ]
        ),
        (
            "exec",
            [
                "planet-cred exec -- python job.py",
                "planet-cred exec --profile farm --min-ttl 1800 -- ./tiles.sh 12 7",
                "planet-cred exec --env 'MY_TOKEN={token}' -- make",
            ]
        ),
        (
            "profile use",
            ["planet-cred profile use farm"]
        ),
        (
            "profile check",
            ["planet-cred profile check", "planet-cred profile check farm --json"]
        ),
        (
            "login",
            [
                "planet-cred login planet-user",
                "planet-cred login me --device --qr",
                "pass show planet | planet-cred login mine --key-file -",
            ]
        ),
        ("logout", ["planet-cred logout me", "planet-cred logout --all"]),
        (
            "status",
            [
                "planet-cred status",
                "planet-cred status farm",
                "planet-cred status --all",
                "planet-cred status --host data.example.com",
            ]
        ),
        (
            "inspect",
            ["planet-cred inspect", "planet-cred inspect --profile farm --remote --verify"]
        ),
        ("doctor", ["srun -N2 planet-cred doctor --locks"]),
        (
            "get",
            [
                "git config --global --add credential.helper planet",
                "echo url=https://data.example.com | planet-cred get -v",
            ]
        ),
        ("store", ["git config --global --add credential.helper planet"]),
        ("erase", ["git config --global --add credential.helper planet"]),
        ("capability", ["planet-cred capability"]),
        (
            "completions",
            [
                "source <(planet-cred completions bash)",
                "planet-cred completions fish | source",
            ]
        ),
        ("help", ["planet-cred help login", "planet-cred help profile"]),
        ("version", ["planet-cred version"]),
    ]
}
