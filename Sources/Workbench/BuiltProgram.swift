import Foundation

/// The `planet-cred` that the same build made as the running tool or tests.
package struct BuiltProgram: Sendable {
    package let path: String

    /// Looks beside the running executable, wherever it was started from. `PLANET_CRED_TEST_BINARY`
    /// names another one, such as the release build.
    package init() throws(Problem) {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        path =
            ProcessInfo.processInfo.environment["PLANET_CRED_TEST_BINARY"]
            ?? own.deletingLastPathComponent().appending(path: "planet-cred").path()
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Problem("there is no program '\(path)'; swift build makes it")
        }
    }

    /// The same program as a user has it: copied by install(1), as README.md says.
    ///
    /// The pages of a file that the linker wrote through a mapping start slower than a copy, until
    /// the machine is restarted.
    package func installed(in folder: ScratchFolder) throws -> BuiltProgram {
        guard let install = SearchPath.find("install") else {
            throw Problem("the program 'install' is needed; try: apt-get install coreutils")
        }
        let copy = BuiltProgram(path: folder.absolute("planet-cred"))
        _ = try Command(install, ["-m", "755", path, copy.path]).output()
        return copy
    }

    private init(path: String) { self.path = path }

    /// Whether it is an ELF file without an interpreter and without a dynamic section.
    ///
    /// Only release builds are static (Package.swift), so this also distinguishes a release build
    /// from a debug build.
    package var isStaticRelease: Bool {
        guard let file = FileHandle(forReadingAtPath: path),
            let header = try? file.read(upToCount: 4096)
        else { return false }
        return Self.segmentTypes([UInt8](header)).map { types in
            let dynamic: UInt32 = 2
            let interpreter: UInt32 = 3
            return !types.contains(dynamic) && !types.contains(interpreter)
        } ?? false
    }

    /// `p_type` of every program header of a 64-bit little-endian file; `nil` for anything else.
    /// elf(5)
    private static func segmentTypes(_ bytes: [UInt8]) -> [UInt32]? {
        guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let start = number(32..<40)
        let size = number(54..<56)
        let count = number(56..<58)
        guard start + size * count <= bytes.count else { return nil }
        return (0..<count).map { index in
            let offset = start + size * index
            return UInt32(number(offset..<(offset + 4)))
        }
    }
}
