import CredCLI
import CredSystem

/// The entry point. SwiftPM gives `main` this name so that tests can be linked with the program.
@_cdecl("planet_cred_main")
func start(_ argumentCount: Int32, _ arguments: ProgramArguments.Words) -> Int32 {
    runPlanetCred(ProgramArguments(argumentCount, arguments))
}
