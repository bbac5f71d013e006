import CredCore
import TestSupport
import Testing

@Suite("Time") struct TimeTests {
    @Test("adding saturates at both ends")
    func add() {
        #expect(UnixTime(100) + 20 == UnixTime(120))
        #expect(UnixTime(.max) + 1 == UnixTime(.max))
        #expect(UnixTime(.min) + -1 == UnixTime(.min))
        #expect(UnixTime(.max) + .max == UnixTime(.max))
        #expect(UnixTime(.max) + .min == UnixTime(-1))
    }

    @Test("the difference of two moments saturates at both ends")
    func subtract() {
        #expect(UnixTime(100) - UnixTime(120) == -20)
        #expect(UnixTime(.max) - UnixTime(.min) == .max)
        #expect(UnixTime(.min) - UnixTime(.max) == .min)
        #expect(UnixTime(0) - UnixTime(.min) == .max)
        #expect(UnixTime(.min) - UnixTime(.min) == 0)
    }

    @Test(
        "a length of time is told in words",
        arguments: [
            Row("nothing", 0, "0 s"), Row("short", 119, "119 s"), Row("minutes", 120, "2 min"),
            Row("many minutes", 7199, "119 min"), Row("hours", 12_000, "3 h 20 min"),
            Row("many hours", 172_799, "47 h 59 min"), Row("days", 187_200, "2 d 4 h"),
            Row("the past", -5, "-5 s"), Row("the longest", .max, "106751991167300 d 15 h"),
            Row("the longest past", .min, "-9223372036854775808 s"),
        ])
    func words(_ row: Row<Int64, String>) {
        #expect(row.given.inWords == row.wanted)
    }

    @Test(
        "a moment is told by how far it is from now",
        arguments: [
            Row("now", 1000, "now"), Row("soon", 1045, "in 45 s"), Row("later", 3520, "in 42 min"),
            Row("a while ago", 1000 - 12_000, "3 h 20 min ago"), Row("just then", 999, "1 s ago"),
            Row("never", .max, "in 106751991167300 d 15 h"),
            Row("the first", .min, "106751991167300 d 15 h ago"),
        ])
    func relative(_ row: Row<Int64, String>) {
        #expect(UnixTime(row.given).relative(to: UnixTime(1000)) == row.wanted)
    }
}
