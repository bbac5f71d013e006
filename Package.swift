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

// A release for Linux is static and Embedded Swift: it needs no library, runs in an empty container
// and sets up no runtime, which takes longer than all that we do. `PLANET_CRED_EMBEDDED=0` leaves
// Embedded Swift out, for toolchains without it. Debug builds, in which the unit tests run, are
// ordinary Swift. Smaller is faster here: a start runs most of its code once.
let onLinuxReleases = BuildSettingCondition.when(platforms: [.linux], configuration: .release)
let isEmbedded = Context.environment["PLANET_CRED_EMBEDDED"] != "0"
// Not by `enableExperimentalFeature`, whose condition SwiftPM forgets when it links.
let embedded = ["-enable-experimental-feature", "Embedded"]
let inProgram: [SwiftSetting] =
    strict + withoutExtras + [
        .unsafeFlags(
            isEmbedded
                ? embedded + ["-Osize", "-Xfrontend", "-function-sections"]
                : [
                    "-static-executable", "-Osize",
                    // Sets up what generic types it can when it compiles, not at every start.
                    "-Xfrontend", "-prespecialize-generic-metadata",
                ], onLinuxReleases)
    ]

// All code of an Embedded program is made once, with the program. Were a part of it in two modules,
// Swift 6.3 could pair a function of one with the constants of another, for it numbers them anew in
// each module: `[.ipv4]` became `[.ipv4, .ipv6]`.
let shipped =
    inProgram
    + (isEmbedded
        ? [.unsafeFlags(["-Xfrontend", "-emit-empty-object-file"], onLinuxReleases)] : [])

// What a cached token uses lies side by side, so that a start touches few pages; `.ci/order` makes
// the list. Symbols are of use to profilers only. Pages that are made read-only once glibc has set
// them up (RELRO) are for programs that write through bad pointers; they cost a call, two page faults
// and a fiftieth of the time.
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
        // The house: each module may import only what stands in its dependencies.
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

        // For people who build planet-cred; never installed, and nothing above depends on them.
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
