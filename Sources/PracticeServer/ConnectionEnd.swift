/// Why a connection cannot go on.
enum ConnectionEnd: Error {
    /// The client is gone, the server stops, or a fault wants it so.
    case disconnected
    /// What arrived is not a request; this is the last answer.
    case refused(PracticeServer.Answer)
}
