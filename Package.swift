// swift-tools-version: 6.2
import PackageDescription

/// Strict everywhere: what the compiler can check, nobody has to review.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// The standard library's regular expressions and concurrency are linked by default and add a
// megabyte.
let withoutExtras: [SwiftSetting] = [
    .unsafeFlags([
        "-Xfrontend", "-disable-implicit-string-processing-module-import",
        "-Xfrontend", "-disable-implicit-concurrency-module-import",
    ])
]

// A release for Linux is static and Embedded Swift: it needs no library, runs in an empty container
// and sets up no runtime, which would take longer than everything else it does.
// `PLANET_CRED_EMBEDDED=0` turns Embedded Swift off, for toolchains without it. Debug builds, in
// which the unit tests run, are ordinary Swift. Optimized for size, which is faster here: a run
// executes most code once.
let onLinuxReleases = BuildSettingCondition.when(platforms: [.linux], configuration: .release)
let isEmbedded = Context.environment["PLANET_CRED_EMBEDDED"] != "0"
// Not `enableExperimentalFeature`, whose condition SwiftPM ignores when it links.
let embedded = ["-enable-experimental-feature", "Embedded"]
let inProgram: [SwiftSetting] =
    strict + withoutExtras + [
        .unsafeFlags(
            isEmbedded
                ? embedded + ["-Osize", "-Xfrontend", "-function-sections"]
                : [
                    "-static-executable", "-Osize",
                    // Creates generic metadata at compile time where possible, not at every start.
                    "-Xfrontend", "-prespecialize-generic-metadata",
                ], onLinuxReleases)
    ]

// All code of an Embedded program is generated once, with the program. If two modules contained a
// part of it, Swift 6.3 could combine a function of one with the constants of another, because it
// numbers them anew in each module: `[.ipv4]` became `[.ipv4, .ipv6]`.
let shipped =
    inProgram
    + (isEmbedded
        ? [.unsafeFlags(["-Xfrontend", "-emit-empty-object-file"], onLinuxReleases)] : [])

// The code and data that a cached token uses are placed together, so that a start touches few
// pages; `.ci/order` makes the list. Symbols are useful to profilers only. RELRO, which makes pages
// read-only after glibc has set them up, protects programs that write through bad pointers; it
// would cost a system call, two page faults and a fiftieth of the time.
let order = Context.environment["PLANET_CRED_ORDER"].map {
    [
        "-Xlinker", "--symbol-ordering-file=\($0)", "-Xlinker", "--no-warn-symbol-ordering",
        "-Xlinker", "-T", "-Xlinker", "\(Context.packageDirectory)/.ci/layout.ld",
    ]
}
let strip = Context.environment["PLANET_CRED_SYMBOLS"] == nil ? ["-Xlinker", "-s"] : []
let staticLink: [LinkerSetting] = [
    .unsafeFlags(
        (isEmbedded ? embedded : []) + [
            "-static-executable", "-use-ld=lld", "-Xlinker", "--icf=all",
            "-Xlinker", "-z", "-Xlinker", "norelro",
        ] + (order ?? []) + strip, onLinuxReleases)
]

let package = Package(
    name: "planet-cred",
    targets: [
        // The shipped modules; each may import only its dependencies.
        .target(name: "CredCore", swiftSettings: shipped),
        .target(name: "CredOAuth", dependencies: ["CredCore"], swiftSettings: shipped),
        .systemLibrary(name: "CLinux"),
        .target(
            name: "CredSystem", dependencies: ["CLinux", "CredCore"], swiftSettings: shipped),
        .target(
            name: "CredSession", dependencies: ["CredCore", "CredOAuth", "CredSystem"],
            swiftSettings: shipped),
        .target(
            name: "CredCLI", dependencies: ["CredCore", "CredSystem", "CredSession"],
            swiftSettings: shipped),
        .executableTarget(
            name: "planet-cred", dependencies: ["CredCLI", "CredSystem"],
            swiftSettings: inProgram + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: staticLink),

        // For developers of planet-cred; never installed, and no shipped module depends on them.
        .target(name: "Workbench", dependencies: ["CLinux"], swiftSettings: strict),
        .target(
            name: "PracticeServer", dependencies: ["CLinux", "Workbench"], swiftSettings: strict),
        .executableTarget(
            name: "demo", dependencies: ["Workbench", "PracticeServer", "planet-cred"],
            swiftSettings: strict),
        .executableTarget(
            name: "bench", dependencies: ["Workbench", "PracticeServer", "planet-cred"],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["CredCore"], path: "Tests/Support",
            swiftSettings: strict),
        .testTarget(
            name: "CredCoreTests", dependencies: ["CredCore", "TestSupport", "Workbench"],
            swiftSettings: strict),
        .testTarget(
            name: "CredOAuthTests", dependencies: ["CredOAuth", "TestSupport", "Workbench"],
            swiftSettings: strict),
        .testTarget(
            name: "CredSystemTests",
            dependencies: ["CLinux", "CredSystem", "PracticeServer", "TestSupport", "Workbench"],
            swiftSettings: strict),
        .testTarget(
            name: "CredSessionTests", dependencies: ["CredSession", "TestSupport", "Workbench"],
            swiftSettings: strict),
        .testTarget(
            name: "CredCLITests", dependencies: ["CredCLI", "TestSupport", "Workbench"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: ["planet-cred", "PracticeServer", "TestSupport", "Workbench"],
            swiftSettings: strict),
        .testTarget(
            name: "PracticeServerTests",
            dependencies: ["PracticeServer", "TestSupport", "Workbench"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
