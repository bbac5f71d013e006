/// The URLs that clients call, as the metadata tells too.
extension PracticeServer {
    package var tokenEndpoint: String { url + TokenEndpoint.path }
    package var authorizationEndpoint: String { url + AuthorizationEndpoint.path }
    package var deviceAuthorizationEndpoint: String { url + DeviceEndpoint.path }
    package var revocationEndpoint: String { url + RevocationEndpoint.path }
    package var introspectionEndpoint: String { url + IntrospectionEndpoint.path }
    package var userinfoEndpoint: String { url + UserinfoEndpoint.path }
    package var keySetEndpoint: String { url + KeySet.path }

    /// Planet's login from before OAuth2, which no metadata names.
    package var legacyLoginEndpoint: String { url + LegacyLogin.path }
}
