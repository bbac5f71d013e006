import CredCore
import TestSupport
import Testing

@Suite("Token freshness") struct TokenFreshnessTests {
    struct Moment: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let start: Int64, end: Int64, now: Int64
        let minimumLife: Int64?
        let wanted: Freshness

        init(
            _ name: String, from start: Int64, to end: Int64, at now: Int64,
            minimumLife: Int64? = nil, _ wanted: Freshness
        ) {
            testDescription = name
            (self.start, self.end, self.now) = (start, end, now)
            (self.minimumLife, self.wanted) = (minimumLife, wanted)
        }
    }

    @Test(
        "a token is good, then ageing from three quarters of its life, then spent at the margin",
        arguments: [
            Moment("new", from: 1000, to: 4600, at: 1000, .good),
            Moment("three quarters", from: 1000, to: 4600, at: 3700, .good),
            Moment("a second later", from: 1000, to: 4600, at: 3701, .ageing),
            Moment("before the margin", from: 1000, to: 4600, at: 4539, .ageing),
            Moment("at the margin", from: 1000, to: 4600, at: 4540, .expired),
            Moment("expired", from: 1000, to: 4600, at: 4601, .expired),
            Moment("short-lived, before its margin", from: 0, to: 40, at: 29, .good),
            Moment("short-lived, at its margin", from: 0, to: 40, at: 30, .expired),
            Moment("a life that is no multiple of four", from: 0, to: 403, at: 302, .good),
            Moment("its second after three quarters", from: 0, to: 403, at: 303, .ageing),
            Moment("received a minute ahead", from: 1000, to: 4600, at: 940, .good),
            Moment("received further ahead", from: 1000, to: 4600, at: 939, .expired),
            Moment("no life at all", from: 1000, to: 1000, at: 1000, .expired),
            Moment("a life that ends first", from: 1000, to: 900, at: 950, .expired),
        ])
    func byAge(_ moment: Moment) throws {
        #expect(try freshness(moment) == moment.wanted)
    }

    @Test(
        "a caller's own margin counts whatever the life",
        arguments: [
            Moment("more than is left", from: 0, to: 3600, at: 0, minimumLife: 3600, .expired),
            Moment("a second less", from: 0, to: 3600, at: 0, minimumLife: 3599, .good),
            Moment("none", from: 0, to: 3600, at: 3599, minimumLife: 0, .ageing),
            Moment("none, at the end", from: 0, to: 3600, at: 3600, minimumLife: 0, .expired),
            Moment("the largest", from: 0, to: 3600, at: 0, minimumLife: .max, .expired),
        ])
    func margin(_ moment: Moment) throws {
        #expect(try freshness(moment) == moment.wanted)
    }

    @Test(
        "the outermost times make no trouble",
        arguments: [
            Moment("a life of all time", from: .min, to: .max, at: 0, .ageing),
            Moment("an endless life", from: 0, to: .max, at: 1, .good),
            Moment("at the end of time", from: 0, to: .max, at: .max, .expired),
            Moment("before time", from: 0, to: 3600, at: .min, .expired),
            Moment("a life backwards", from: .max, to: .min, at: 0, .expired),
            Moment("an end before time", from: 0, to: .min, at: .max, .expired),
            Moment("all at the start", from: .min, to: .min, at: .min, .expired),
            Moment("a margin below all", from: 0, to: 10, at: 0, minimumLife: .min, .good),
        ])
    func outermost(_ moment: Moment) throws {
        #expect(try freshness(moment) == moment.wanted)
    }

    @Test("a rejected token is spent and not alive, however young")
    func rejected() throws {
        var token = try token(.between(start: UnixTime(0), end: UnixTime(3600)))
        token.isRejected = true
        #expect(token.freshness(at: UnixTime(1), minimumLife: nil) == .expired)
        #expect(!token.isAlive(at: UnixTime(1)))
    }

    @Test("a token of another tool without an expiry stays good")
    func unlimited() throws {
        let token = try token(.unlimited)
        #expect(token.freshness(at: UnixTime(.max), minimumLife: .max) == .good)
        #expect(token.isAlive(at: UnixTime(.max)))
        #expect(token.expiresAt == nil)
        #expect(token.lifetime == nil)
    }

    @Test(
        "TOK-06: a token of unknown life is used for an hour at most, and not for a longer life",
        arguments: [
            Row("at once", 0, .good), Row("within three quarters", 2700, .good),
            Row("later", 2701, .ageing), Row("in the last minute", 3540, .expired),
            Row("after an hour", 3600, .expired), Row("a clock that was set back", -61, .expired),
        ] as [Row<Int64, Freshness>])
    func unstated(_ row: Row<Int64, Freshness>) throws {
        let token = try token(.unstated(since: UnixTime(1000)))
        #expect(token.freshness(at: UnixTime(1000 + row.given), minimumLife: nil) == row.wanted)
        #expect(token.freshness(at: UnixTime(1000 + row.given), minimumLife: 0) == .expired)
        #expect(token.knownExpiry == nil)
        #expect(token.lifetime == 0)
    }

    @Test("a token is alive up to its expiry, whatever the margin")
    func alive() throws {
        let token = try token(.between(start: UnixTime(100), end: UnixTime(3700)))
        #expect(token.isAlive(at: UnixTime(3699)))
        #expect(!token.isAlive(at: UnixTime(3700)))
        #expect(token.lifetime == 3600)
        #expect(token.expiresAt == UnixTime(3700))
    }

    private func token(_ validity: Token.Validity) throws -> Token {
        let authorization = try #require(Authorization(scheme: "Bearer", credential: "t"))
        return Token(authorization: authorization, validity: validity)
    }

    private func freshness(_ moment: Moment) throws -> Freshness {
        try token(.between(start: UnixTime(moment.start), end: UnixTime(moment.end)))
            .freshness(at: UnixTime(moment.now), minimumLife: moment.minimumLife)
    }
}
