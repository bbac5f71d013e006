/// What a person does who is asked to log in.
extension PracticeServer {
    /// The next answers of the authorization endpoint to requests that are right, one for each;
    /// after the last the person agrees.
    package var authorizeAnswers: [AuthorizeAnswer] {
        get { site.authorizeAnswers.steps }
        set { site.authorizeAnswers.steps = newValue }
    }

    /// The next answers to devices that poll rightly, one for each poll; after the last it counts
    /// whether the person has agreed.
    package var devicePolls: [DevicePoll] {
        get { site.devicePolls.steps }
        set { site.devicePolls.steps = newValue }
    }

    /// Agrees for every device that shows this code, as a visit of the page with the code does;
    /// `false` if there is none.
    @discardableResult
    package func approveDevice(userCode: String) -> Bool {
        site.devices.approve(userCode: userCode)
    }
}
