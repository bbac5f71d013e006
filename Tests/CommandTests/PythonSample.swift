import PracticeServer
import TestSupport
import Workbench

/// The files of a profile as Planet's Python tools (planet-auth 2.3.2) wrote them against a loopback
/// issuer. The tokens live until 2036.
struct PythonSample: Sendable {
    let profileText: String
    /// `nil`: they wrote none.
    let tokenText: String?
    /// What a request is to carry.
    let credential: String

    var profile: PracticeServer.JSON { .raw(profileText) }
}

extension PythonSample {
    static let serviceAccount = PythonSample(
        profileText: #"""
            {
              "audiences": [
                "https://api.example.test/"
              ],
              "auth_server": "http://127.0.0.1:18080",
              "client_id": "m2m",
              "client_secret": "m2m-secret",
              "client_type": "oidc_client_credentials_secret",
              "scopes": []
            }
            """#,
        tokenText: #"""
            {
              "_exp": 2110586478,
              "_iat": 1795226478,
              "access_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6Im1vY2sta2V5LTEiLCJ0eXA\#
            iOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjE4MDgwIiwic3ViIjoibT\#
            JtIiwiYXVkIjoiaHR0cHM6Ly9hcGkuZXhhbXBsZS50ZXN0LyIsImNsaWVudF9pZCI6Im0y\#
            bSIsInNjb3BlIjoiIiwiaWF0IjoxNzk1MjI2NDc4LCJuYmYiOjE3OTUyMjY0NzgsImV4cC\#
            I6MjExMDU4NjQ3OCwianRpIjoiMzIzZGExMzVkNTZjNDZmM2E2ZDY3YzY2ODU5NzYyZmEi\#
            fQ.JCUKbRGhoOEDX2m-3DFDQeUTxc1qsuWYU89uldfPs5XnG4eSkqazAGxa353xpUa9bxv\#
            Ad_g3blrdkMT-k6Yje-vzhrusEIHtE-WoPENdtgsk53-UoY-_d9Z-41Wmz8fg6nVPxTvYS\#
            i_pyCKOPCjGE7aHlefcQh3TWNqqQB6VAY9-oLfAOmxWFITYr2eW3Dnto54FZXMnPszOg2m\#
            Wmuuc7bHYpX4CXxKFGV1BmBWDugv_UqJs_1k2OZmkDx23qSR5lMZ0POZTSwfLourIdlXXI\#
            riXRvRsh3jz4gVXAhp-ZrgvsB1j183NA5HgkJ94DxrkVOkY1s-ALDsfHUy5ncv5aQ",
              "expires_in": 315360000,
              "token_type": "Bearer"
            }
            """#,
        credential: #"""
            eyJhbGciOiJSUzI1NiIsImtpZCI6Im1vY2sta2V5LTEiLCJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjE4MDgwIiwic3ViIjoibTJtIiwiYXVkIjoiaHR0cHM6Ly9hcGkuZXhhbXBsZS50ZXN0LyIsImNsaWVudF9pZCI6Im0ybSIsInNjb3BlIjoiIiwiaWF0IjoxNzk1MjI2NDc4LCJuYmYiOjE3OTUyMjY0NzgsImV4cCI6MjExMDU4NjQ3OCwianRpIjoiMzIzZGExMzVkNTZjNDZmM2E2ZDY3YzY2ODU5NzYyZmEifQ.JCUKbRGhoOEDX2m-3DFDQeUTxc1qsuWYU89uldfPs5XnG4eSkqazAGxa353xpUa9bxvAd_g3blrdkMT-k6Yje-vzhrusEIHtE-WoPENdtgsk53-UoY-_d9Z-41Wmz8fg6nVPxTvYSi_pyCKOPCjGE7aHlefcQh3TWNqqQB6VAY9-oLfAOmxWFITYr2eW3Dnto54FZXMnPszOg2mWmuuc7bHYpX4CXxKFGV1BmBWDugv_UqJs_1k2OZmkDx23qSR5lMZ0POZTSwfLourIdlXXIriXRvRsh3jz4gVXAhp-ZrgvsB1j183NA5HgkJ94DxrkVOkY1s-ALDsfHUy5ncv5aQ
            """#)

    static let opaqueToken = PythonSample(
        profileText: #"""
            {
              "audiences": [
                "https://api.example.test/"
              ],
              "auth_server": "http://127.0.0.1:18080",
              "client_id": "m2m",
              "client_secret": "m2m-secret",
              "client_type": "oidc_client_credentials_secret",
              "scopes": []
            }
            """#,
        tokenText: #"""
            {
              "_exp": 2110586479,
              "_iat": 1795226479,
              "access_token": "opaque-46f5dcf2938bbe951d4dc5ecf5bde331",
              "expires_in": 315360000,
              "token_type": "Bearer"
            }
            """#,
        credential: "opaque-46f5dcf2938bbe951d4dc5ecf5bde331")

    static let staticKey = PythonSample(
        profileText: #"""
            {
              "api_key": "PLAK-sample",
              "bearer_token_prefix": "api-key",
              "client_type": "static_apikey"
            }
            """#,
        tokenText: nil,
        credential: "PLAK-sample")

    static let staticKeyInToken = PythonSample(
        profileText: #"""
            {
              "client_type": "static_apikey"
            }
            """#,
        tokenText: #"""
            {
              "api_key": "PLAK-sample",
              "bearer_token_prefix": "api-key"
            }
            """#,
        credential: "PLAK-sample")

    static let deviceCode = PythonSample(
        profileText: #"""
            {
              "audiences": [
                "https://api.example.test/"
              ],
              "auth_server": "http://127.0.0.1:18080",
              "client_id": "pub",
              "client_type": "oidc_device_code",
              "scopes": [
                "planet",
                "offline_access",
                "openid"
              ]
            }
            """#,
        tokenText: #"""
            {
              "_exp": 2110586473,
              "_iat": 1795226473,
              "access_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6Im1vY2sta2V5LTEiLCJ0eXA\#
            iOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjE4MDgwIiwic3ViIjoidX\#
            NlcjEiLCJhdWQiOiJodHRwczovL2FwaS5leGFtcGxlLnRlc3QvIiwiY2xpZW50X2lkIjoi\#
            cHViIiwic2NvcGUiOiJwbGFuZXQgb2ZmbGluZV9hY2Nlc3Mgb3BlbmlkIiwiaWF0IjoxNz\#
            k1MjI2NDczLCJuYmYiOjE3OTUyMjY0NzMsImV4cCI6MjExMDU4NjQ3MywianRpIjoiYmUw\#
            NjQzMzFkMTk0NDZmMjk2M2VkN2JhZDIyOWM3MDIifQ.O-ImD2mPIkOBnoJq7ycb1Mw9TOm\#
            AZ5vVVgbbD0hgT6VtrWI2QdEcrjLl5FmgUWH20wrJJS5GJHv7Vsy9hyiolT8gKGuQ16BHf\#
            wuoyUQIc4pJZwu0IOvnhEJuWiYkNAKw6_9Wp4o6Jkk5-2ZWRgRQTuerCijShcaOWQF6eDW\#
            R-r6uihrF07TQPhiaQJZUU3DaIhStJ_lLBy5r9lc9TpLu5UnIP2EfkpWfe2uC2tMWaY0us\#
            gVDXEEGGYgNhFq7sLgbTYurt2_5P2uMcLax71xpKgxDPGUX1mli4Csy_rsyoxWJplAL9PD\#
            fEhk6nMPlL3_hdLK8YNrzkqdL-_LaAApZ5w",
              "expires_in": 315360000,
              "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6Im1vY2sta2V5LTEiLCJ0eXAiOiJ\#
            KV1QifQ.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjE4MDgwIiwic3ViIjoidXNlcjEiLC\#
            JhdWQiOiJwdWIiLCJpYXQiOjE3OTUyMjY0NzMsImV4cCI6MjExMDU4NjQ3MywiZW1haWwi\#
            OiJ1c2VyQGV4YW1wbGUudGVzdCJ9.BoRFnWsCsGAcIOVoDgLo5YTlfC434LxMdeu5suPh-\#
            0kSbBow8DT1uAxHM4fzRb4TtWvn1qTr8SlDB6cOlgYmJz_PsdpA9fyTlgGaVeG0xo9W-Xe\#
            ZUpfU1pJ97HAUEGmZ9DTQG4cJguv3gQ1RWFfKFZb8R5eJmQr8DZJoHrjmioCTJkyj1tR9c\#
            pKCLRdDuiHn8SvXclitdhTtJiReTwLdT0U0o4CE1153XH1epg8gCpTPbWZrdWS4aMIbbqQ\#
            K01xVR3LLVj-HSPWoM4DzFbBIAPHGXXrlhJ0NtYZ0vWYRxYgOosRjIYXzQ7Z9yPLXpu3Xb\#
            Pl71_nhrZjZ90ker-AWqA",
              "refresh_token": "rt-f92e498fcb21f405cb9a48af4081d8f3",
              "scope": "planet offline_access openid",
              "token_type": "Bearer"
            }
            """#,
        credential: #"""
            eyJhbGciOiJSUzI1NiIsImtpZCI6Im1vY2sta2V5LTEiLCJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjE4MDgwIiwic3ViIjoidXNlcjEiLCJhdWQiOiJodHRwczovL2FwaS5leGFtcGxlLnRlc3QvIiwiY2xpZW50X2lkIjoicHViIiwic2NvcGUiOiJwbGFuZXQgb2ZmbGluZV9hY2Nlc3Mgb3BlbmlkIiwiaWF0IjoxNzk1MjI2NDczLCJuYmYiOjE3OTUyMjY0NzMsImV4cCI6MjExMDU4NjQ3MywianRpIjoiYmUwNjQzMzFkMTk0NDZmMjk2M2VkN2JhZDIyOWM3MDIifQ.O-ImD2mPIkOBnoJq7ycb1Mw9TOmAZ5vVVgbbD0hgT6VtrWI2QdEcrjLl5FmgUWH20wrJJS5GJHv7Vsy9hyiolT8gKGuQ16BHfwuoyUQIc4pJZwu0IOvnhEJuWiYkNAKw6_9Wp4o6Jkk5-2ZWRgRQTuerCijShcaOWQF6eDWR-r6uihrF07TQPhiaQJZUU3DaIhStJ_lLBy5r9lc9TpLu5UnIP2EfkpWfe2uC2tMWaY0usgVDXEEGGYgNhFq7sLgbTYurt2_5P2uMcLax71xpKgxDPGUX1mli4Csy_rsyoxWJplAL9PDfEhk6nMPlL3_hdLK8YNrzkqdL-_LaAApZ5w
            """#)

    static let legacy = PythonSample(
        profileText: #"""
            {
              "client_type": "planet_legacy",
              "legacy_auth_endpoint": "http://127.0.0.1:18080/v0/auth/login"
            }
            """#,
        tokenText: #"""
            {
              "jwt": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhcGlfa2V5IjoiUExBSy1\#
            mcm9tLWxvZ2luIiwidXNlciI6InVzZXJAZXhhbXBsZS50ZXN0In0.nJbZbvAnLqkyNtPyM\#
            2ildzN26TZc2mzTbU_5V3h685I",
              "key": "PLAK-from-login"
            }
            """#,
        credential: "PLAK-from-login")
}
