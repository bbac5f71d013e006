import CredCore

/// The storage of a profile's token or key.
enum TokenStore: Sendable {
    /// Nothing is saved (`--no-save`): each process gets its own token.
    case memory
    case files(TokenFiles)

    /// The storage of a client's tokens.
    init(_ context: ProfileContext, _ client: OAuthClient) {
        self.init(TokenFiles(context, client))
    }

    /// The storage of an API key.
    init(keyOf context: ProfileContext) {
        self.init(TokenFiles(keyOf: context))
    }

    private init(_ files: TokenFiles) {
        switch files.context.choice.storage {
        case .memoryOnly: self = .memory
        case .saved: self = .files(files)
        }
    }

    /// Fails as `TokenFiles.load` does.
    func load(_ brokenFiles: TokenFiles.BrokenFiles, minimumLife: Seconds? = nil) throws(Failure)
        -> TokenRecord?
    {
        switch self {
        case .memory: nil
        case .files(let files): try files.load(brokenFiles, minimumLife: minimumLife)
        }
    }
}
