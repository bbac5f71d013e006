import CredCLI
import CredSystem

/// Where the program starts. SwiftPM calls a program's `main` so, for its tests to be linked with it.
@_cdecl("planet_cred_main")
func start(_ argumentCount: Int32, _ arguments: ProgramArguments.Words) -> Int32 {
    runPlanetCred(ProgramArguments(argumentCount, arguments))
}
