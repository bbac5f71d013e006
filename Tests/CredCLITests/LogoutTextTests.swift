import CredCLI
import CredCore
import CredSession
import Testing

import struct TestSupport.Row

@Suite("Words of a logout") struct LogoutTextTests {
    @Test(
        "one sentence tells what happened for which profile",
        arguments: [
            Row("nobody", .nobodyLoggedIn, "not logged in with profile 'planet-user'"),
            Row(
                "done", .revoked,
                "logged out of profile 'planet-user': the server has revoked its tokens"),
            Row(
                "expired", .expired,
                "logged out of profile 'planet-user': its token had already expired"),
            Row(
                "the access token lives", .accessTokenLives(until: UnixTime(4600), "it says no"),
                "logged out of profile 'planet-user': the refresh token is revoked, but the "
                    + "access token stays valid until 1970-01-01T01:16:40Z (in 60 min), because "
                    + "it could not be revoked: it says no"),
            Row(
                "forgotten", .forgotten(until: nil, "no place"),
                "deleted the token of profile 'planet-user', but could not revoke it; it stays "
                    + "valid until it expires: no place"),
            Row(
                "a key", .keyForgotten,
                "deleted the API key of profile 'planet-user'; the service still accepts it"),
        ] as [Row<Logout.Outcome, String>])
    func sentences(_ row: Row<Logout.Outcome, String>) {
        #expect(row.given.sentence(.planetUser, now: UnixTime(1000)) == row.wanted)
    }
}
