/// One step of a run, as `PLANET_CRED_TRACE` shows it. Its fields cannot hold a secret: URLs come
/// without their query, tokens as fingerprints, requests without headers and body.
package enum TraceEvent: Hashable, Sendable {
    case profile(name: String, source: String)
    case cache(path: String, state: String)
    case lock(profile: String, state: String)
    case waiting(milliseconds: Int64, reason: String)
    case request(method: String, url: String)
    case response(status: Int, milliseconds: Int64)
    case noResponse(reason: String)
    case saved(path: String)
    case started(program: String)
}
