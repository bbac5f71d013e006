import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Client credentials grant") struct ClientCredentialsGrantTests {
    @Test("the least request names the grant alone")
    func least() throws {
        #expect(try fields("") == [FormField("grant_type", "client_credentials")])
    }

    @Test("what the profile says is sent: scopes in one field, audience, organization, project")
    func most() throws {
        let fields = try fields(
            #","scopes":["b","a"],"audiences":["https://api.example/"],"#
                + #""organization":"o","project_id":"p""#)
        #expect(
            fields == [
                FormField("grant_type", "client_credentials"), FormField("scope", "b a"),
                FormField("audience", "https://api.example/"), FormField("organization", "o"),
                FormField("project_id", "p"),
            ])
    }

    private func fields(_ members: String) throws -> [FormField] {
        let text =
            #"{"client_type":"oidc_client_credentials_secret","client_id":"id","#
            + #""client_secret":"s","auth_server":"https://as.example"\#(members)}"#
        let object = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        let profile = try Profile(parsing: object, name: ProfileName("test"))
        guard case .oauth(let client) = profile.method else { return [] }
        return ClientCredentialsGrant.fields(client)
    }
}
