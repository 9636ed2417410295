// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is built with the same strict settings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "Roost",
    products: [
        .library(name: "Roost", targets: ["Roost"]),
        .library(name: "RoostTesting", targets: ["RoostTesting"]),
        .executable(name: "hello", targets: ["Hello"]),
        .executable(name: "crash-and-restart", targets: ["CrashAndRestart"]),
        .executable(name: "supervision-tree", targets: ["SupervisionTree"]),
        .executable(name: "post-office", targets: ["PostOffice"]),
        .executable(name: "prime-checker", targets: ["PrimeChecker"]),
        .executable(name: "word-count", targets: ["WordCount"]),
        .executable(name: "parity", targets: ["Parity"]),
        .executable(name: "roost-bench", targets: ["Bench"]),
    ],
    targets: [
        .target(name: "CRoost"),
        .target(name: "RoostPlatform", dependencies: ["CRoost"], swiftSettings: strict),
        .target(name: "RoostWire", swiftSettings: strict),
        // Lifetimes: the bytes of a blob are a span, which must not outlive it.
        .target(
            name: "Roost", dependencies: ["RoostPlatform", "RoostWire"],
            swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
        .target(name: "RoostTesting", dependencies: ["Roost", "RoostPlatform"], swiftSettings: strict),

        .executableTarget(
            name: "Hello", dependencies: ["Roost"], path: "Examples/Hello", swiftSettings: strict),
        .executableTarget(
            name: "CrashAndRestart", dependencies: ["Roost"], path: "Examples/CrashAndRestart",
            swiftSettings: strict),
        .executableTarget(
            name: "SupervisionTree", dependencies: ["Roost"], path: "Examples/SupervisionTree",
            exclude: ["expected-output.txt"], swiftSettings: strict),
        .executableTarget(
            name: "PostOffice", dependencies: ["Roost"], path: "Examples/PostOffice",
            exclude: ["expected-output.txt"], swiftSettings: strict),
        .executableTarget(
            name: "PrimeChecker", dependencies: ["Roost"], path: "Examples/PrimeChecker",
            exclude: ["expected-output.txt"], swiftSettings: strict),
        .executableTarget(
            name: "WordCount", dependencies: ["Roost"], path: "Examples/WordCount",
            exclude: ["Corpus", "expected-output.txt"], swiftSettings: strict),
        .executableTarget(
            name: "Parity", dependencies: ["Roost", "TimedPrograms"], path: "Examples/Parity",
            exclude: ["Python"], swiftSettings: strict),
        .executableTarget(
            name: "Bench", dependencies: ["Roost", "TimedPrograms"], path: "Examples/Bench",
            exclude: ["Python"], swiftSettings: strict),
        .target(name: "TimedPrograms", path: "Examples/TimedPrograms", swiftSettings: strict),

        .testTarget(
            name: "RoostPlatformTests", dependencies: ["RoostPlatform"], swiftSettings: strict),
        .testTarget(
            name: "RoostWireTests", dependencies: ["RoostWire", "WireSamples"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .target(
            name: "WireSamples", dependencies: ["RoostWire"], path: "Tests/WireSamples", swiftSettings: strict
        ),
        .testTarget(
            name: "RoostTests",
            dependencies: [
                "Roost", "RoostPlatform", "RoostTesting", "RoostWire", "NodeUnderTest", "TestPrograms",
                "WireSamples",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "NodeUnderTest", dependencies: ["Roost"], path: "Tests/NodeUnderTest",
            swiftSettings: strict),
        .testTarget(
            name: "WordCountTests", dependencies: ["WordCount", "RoostTesting", "TestPrograms"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "ParityTests", dependencies: ["Parity", "TimedPrograms"], swiftSettings: strict),
        .target(
            name: "TestPrograms", dependencies: ["CTestPrograms"], path: "Tests/TestPrograms",
            swiftSettings: strict),
        .target(name: "CTestPrograms", path: "Tests/CTestPrograms"),
    ]
)
