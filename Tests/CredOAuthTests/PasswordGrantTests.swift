import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Password grant") struct PasswordGrantTests {
    @Test("the least request has the grant, the name and the password")
    func least() throws {
        #expect(
            try fields("") == [
                FormField("grant_type", "password"), FormField("username", "ä b"),
                FormField("password", "p&=+ü"),
            ])
    }

    @Test("what the profile wishes follows: scopes in one field, audience, organization, project")
    func most() throws {
        let fields = try fields(
            #","scopes":["b","a"],"audiences":["https://api.example/"],"#
                + #""organization":"o","project_id":"p""#)
        #expect(
            fields.dropFirst(3) == [
                FormField("scope", "b a"), FormField("audience", "https://api.example/"),
                FormField("organization", "o"), FormField("project_id", "p"),
            ])
    }

    private func fields(_ members: String) throws -> [FormField] {
        PasswordGrant.fields(
            try .example("oidc_resource_owner", members), username: "ä b",
            password: Secret("p&=+ü"))
    }
}
