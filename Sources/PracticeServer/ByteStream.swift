/// What a client sends, by lines and by counts.
struct ByteStream: ~Copyable {
    let socket: ClientSocket
    private var buffer: [UInt8] = []
    /// Where the unread bytes begin.
    private var start = 0

    init(_ socket: consuming ClientSocket) { self.socket = socket }

    var isEmpty: Bool { start == buffer.count }

    /// The next line without its end, `nil` if the client closed instead of sending one.
    mutating func line(maximumByteCount: Int) throws(ConnectionEnd) -> String? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                var line = buffer[start..<end]
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                start = end + 1
                return text
            }
            guard buffer.count - start <= maximumByteCount else {
                throw .refused(.plain(431, "the header is too large"))
            }
            let unreadCount = buffer.count - start
            guard try fill() > 0 else {
                guard unreadCount == 0 else { throw .disconnected }
                return nil
            }
            searched = start + unreadCount
        }
    }

    mutating func bytes(count: Int) throws(ConnectionEnd) -> [UInt8] {
        while buffer.count - start < count {
            guard try fill() > 0 else { throw .disconnected }
        }
        defer { start += count }
        return Array(buffer[start..<start + count])
    }

    private mutating func fill() throws(ConnectionEnd) -> Int {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        return try socket.receive(into: &buffer)
    }
}
