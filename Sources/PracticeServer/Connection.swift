/// One connection from accept to close.
struct Connection: ~Copyable {
    private var reader: RequestReader
    private let site: Site
    private let encoder: ResponseEncoder

    init(_ socket: consuming ClientSocket, _ site: Site) {
        reader = RequestReader(stream: ByteStream(socket))
        self.site = site
        encoder = ResponseEncoder(clock: site.clock)
    }

    /// Answers requests until one side has enough.
    mutating func serve() {
        site.log.recordConnection()
        if site.faults.takeConnectionReset() {
            reader.stream.socket.resetAtEnd()
            return
        }
        do throws(ConnectionEnd) {
            while let request = try reader.next() {
                // Logged first: a client that has its answer finds its request in the log.
                site.log.record(request)
                try respond(to: request)
            }
        } catch .refused(let answer) {
            // The log has no such request: it never arrived whole. A client that is gone by now
            // misses nothing.
            try? send(encoder.encode(answer, to: "GET", then: .close)[...], then: .close)
        } catch {}
    }

    private func respond(to request: PracticeServer.Request) throws(ConnectionEnd) {
        guard let fault = site.faults.take(for: request.path) else {
            return try send(site.answer(request), to: request)
        }
        try reader.stream.socket.wait(milliseconds: fault.latencyMilliseconds)
        while let hold = fault.hold, !hold.isReleased {
            try reader.stream.socket.wait(milliseconds: 2)
        }
        switch fault.effect {
        case .nothing:
            try send(site.answer(request), to: request)
        case .answer(let answer):
            try send(answer, to: request)
        case .tokenMembers(let overrides):
            try send(site.answer(request, overrides: overrides), to: request)
        case .transformed(let change):
            try send(change(site.answer(request)), to: request)
        case .truncate(let missingByteCount):
            let answer = site.answer(request)
            let message = encoder.encode(answer, to: request.method, then: .close)
            try send(message.dropLast(min(missingByteCount, answer.body.count)), then: .close)
        case .reset(.onConnect), .reset(.beforeActing):
            try reset()
        case .reset(.afterActing):
            _ = site.answer(request)
            try reset()
        case .stall:
            try stall()
        }
    }

    private func reset() throws(ConnectionEnd) {
        reader.stream.socket.resetAtEnd()
        throw .disconnected
    }

    private func stall() throws(ConnectionEnd) {
        reader.stream.socket.waitUntilGone()
        throw .disconnected
    }

    private func send(
        _ answer: PracticeServer.Answer, to request: PracticeServer.Request
    ) throws(ConnectionEnd) {
        switch answer.delivery {
        case .whole: break
        case .never: try stall()
        case .reset: try reset()
        }
        let keepsOpen = request.keepsConnection && answer.framing != .untilClose
        let next: ResponseEncoder.Connection = keepsOpen ? .keepAlive : .close
        try send(encoder.encode(answer, to: request.method, then: next)[...], then: next)
    }

    private func send(
        _ message: ArraySlice<UInt8>, then next: ResponseEncoder.Connection
    ) throws(ConnectionEnd) {
        try reader.stream.socket.send(message)
        guard next == .close else { return }
        reader.stream.socket.finish()
        throw .disconnected
    }
}
