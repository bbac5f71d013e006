/// What `planet-cred version` prints, and servers see as our user agent.
let planetCredVersion = "0.1.0"
