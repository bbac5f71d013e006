import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("JWT claims") struct JWTClaimsTests {
    @Test("the claims of RFC 7519's example are read")
    func example() throws {
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
            + "Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let claims = try #require(JWTClaims.unverified(Secret(token)))
        #expect(claims["iss"] == .string("joe"))
        #expect(claims["exp"]?.integer == 1_300_819_380)
        #expect(claims["http://example.com/is_root"] == .bool(true))
    }

    @Test(
        "OPAQ-01: anything else is an opaque token",
        arguments: [
            Example("nothing", ""), Example("a word", "abc"), Example("two parts", "e30.e30"),
            Example("an encrypted token of five parts", "e30.e30.e30.e30.e30"),
            Example("dots alone", ".."), Example("a list", "e30.W10.x"),
            Example("a number", "e30.MQ.x"), Example("another alphabet", "e30.e+/=.x"),
            Example("half an object", "e30.ew.x"), Example("spaces", "e30. e30 .x"),
        ])
    func opaque(_ example: Example<String>) {
        #expect(JWTClaims.unverified(Secret(example.given)) == nil)
    }

    @Test("nobody asks for the signature")
    func unsigned() {
        #expect(JWTClaims.unverified(Secret("x.e30.")) == JSONObject())
    }
}
