/// What a person does who is asked to log in.
extension PracticeServer {
    /// The next answers of the authorization endpoint to requests that are right, one for each;
    /// after the last the person agrees.
    package var authorizeAnswers: [AuthorizeAnswer] {
        get { site.authorizeAnswers.steps }
        set { site.authorizeAnswers.steps = newValue }
    }
}
