// swift-tools-version: 6.2
import PackageDescription

/// Strict everywhere: what the compiler can check, nobody has to review.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// The standard library's regular expressions and concurrency come unasked and bring a megabyte.
let withoutExtras: [SwiftSetting] = [
    .unsafeFlags([
        "-Xfrontend", "-disable-implicit-string-processing-module-import",
        "-Xfrontend", "-disable-implicit-concurrency-module-import",
    ])
]

// A static binary starts in the time of /bin/true and runs in an empty container. The compiler and
// the linker must both be told; with one of the two the link fails. Smaller is faster here: a start
// of the code once: its pages are what a run costs in memory.
let onLinuxReleases = BuildSettingCondition.when(platforms: [.linux], configuration: .release)
let shipped =
    strict + withoutExtras + [
        .unsafeFlags(
            [
                "-static-executable", "-Osize",
                // Sets up what generic types it can when it compiles, not at every start.
                "-Xfrontend", "-prespecialize-generic-metadata",
            ], onLinuxReleases)
    ]

// What a cached token runs lies side by side, so that a start touches few pages; `.ci/order` makes
// the list. Symbols are of use to profilers only.
let hotPath = "\(Context.packageDirectory)/Sources/planet-cred/hot-path.symbols"
let strip = Context.environment["PLANET_CRED_SYMBOLS"] == nil ? ["-Xlinker", "-s"] : []
let staticLink: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-static-executable", "-use-ld=lld", "-Xlinker", "--icf=all",
            "-Xlinker", "--symbol-ordering-file=\(hotPath)",
            "-Xlinker", "--no-warn-symbol-ordering",
        ] + strip, onLinuxReleases)
]

let package = Package(
    name: "planet-cred",
    targets: [
        // The house: each module may import only what stands in its dependencies.
        .target(name: "CredCore", swiftSettings: shipped),
        .target(name: "CredOAuth", dependencies: ["CredCore"], swiftSettings: shipped),
        .target(name: "CredSystem", dependencies: ["CredCore"], swiftSettings: shipped),
        .target(
            name: "CredSession", dependencies: ["CredCore", "CredOAuth", "CredSystem"],
            swiftSettings: shipped),
        .target(
            name: "CredCLI", dependencies: ["CredCore", "CredSystem", "CredSession"],
            swiftSettings: shipped),
        .executableTarget(
            name: "planet-cred", dependencies: ["CredCLI"], exclude: ["hot-path.symbols"],
            swiftSettings: shipped, linkerSettings: staticLink),

        // For people who build planet-cred; never installed, and nothing above depends on them.
        .target(name: "PracticeServer", swiftSettings: strict),
        .target(name: "DeveloperTools", swiftSettings: strict),
        .executableTarget(
            name: "demo", dependencies: ["DeveloperTools", "PracticeServer", "planet-cred"],
            swiftSettings: strict),
        .executableTarget(
            name: "bench", dependencies: ["DeveloperTools", "PracticeServer", "planet-cred"],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["CredCore", "PracticeServer"],
            path: "Tests/Support", swiftSettings: strict),
        .testTarget(
            name: "CredCoreTests", dependencies: ["CredCore", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CredOAuthTests", dependencies: ["CredOAuth", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CredSystemTests", dependencies: ["CredSystem", "PracticeServer", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CredSessionTests", dependencies: ["CredSession", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CredCLITests", dependencies: ["CredCLI", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests", dependencies: ["planet-cred", "PracticeServer", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "PracticeServerTests", dependencies: ["PracticeServer", "TestSupport"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
