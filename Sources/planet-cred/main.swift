import CredCLI

runPlanetCred()
